package io.hubwire.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ours against a peer: one round each, turn by turn, so that both see the same machine. */
final class Contest {
    /** Measures one round. */
    interface Measurement {
        Sample take() throws InterruptedException;
    }

    /** One who takes part. */
    record Side(String name, Measurement measurement) {}

    private final String name;
    private final String figure;
    private final boolean moreIsBetter;
    private final double target;
    private final Side ours;
    private final Side peer;
    private final List<Sample> ourSamples = new ArrayList<>();
    private final List<Sample> peerSamples = new ArrayList<>();

    /**
     * @param figure which number of the samples is compared
     * @param target the ratio that is wanted
     */
    Contest(String name, String figure, boolean moreIsBetter, double target, Side ours, Side peer) {
        this.name = name;
        this.figure = figure;
        this.moreIsBetter = moreIsBetter;
        this.target = target;
        this.ours = ours;
        this.peer = peer;
    }

    String name() {
        return name;
    }

    /** Runs both and forgets the outcome. */
    void warmUp() throws InterruptedException {
        ours.measurement().take();
        peer.measurement().take();
    }

    /** One round of both. Who goes first changes with each. */
    void round() throws InterruptedException {
        if (ourSamples.size() % 2 == 0) {
            ourSamples.add(ours.measurement().take());
            peerSamples.add(peer.measurement().take());
        } else {
            peerSamples.add(peer.measurement().take());
            ourSamples.add(ours.measurement().take());
        }
    }

    /** The ratio of each round, sorted; above 1 ours is better. */
    private double[] ratios() {
        double[] ratios = new double[ourSamples.size()];
        for (int i = 0; i < ratios.length; i++) {
            double ratio = ourSamples.get(i).get(figure) / peerSamples.get(i).get(figure);
            ratios[i] = moreIsBetter ? ratio : 1 / ratio;
        }
        Arrays.sort(ratios);
        return ratios;
    }

    ObjectNode json() {
        double[] ratios = ratios();
        ObjectNode json = Json.object()
                .put("name", name)
                .put("figure", figure)
                .put("ratio", Sample.rounded(Sample.median(ratios)))
                .put("ratioLowest", Sample.rounded(ratios[0]))
                .put("ratioHighest", Sample.rounded(ratios[ratios.length - 1]))
                .put("target", target);
        json.set("ours", side(ours, ourSamples));
        json.set("peer", side(peer, peerSamples));
        return json;
    }

    private static ObjectNode side(Side side, List<Sample> samples) {
        ObjectNode json = Json.object().put("name", side.name());
        json.setAll(Sample.median(samples).json());
        return json;
    }
}

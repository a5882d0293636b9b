package io.hubwire.mqtt.paho;

import io.hubwire.mqtt.link.PacketType;
import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import org.eclipse.paho.client.mqttv3.MqttPingSender;
import org.eclipse.paho.client.mqttv3.internal.ClientComms;
import org.jspecify.annotations.Nullable;

/**
 * Keep-alive. Paho decides when a PINGREQ is due; whether the answer came is watched here, so that a dead link is found
 * after one and a half keep-alive intervals instead of two, and without Paho's line on the error log.
 */
final class PahoPings implements MqttPingSender {
    private final Timer timer;
    private final Duration answerTimeout;
    private final Runnable onNoAnswer;
    private @Nullable ClientComms comms;
    private Timer.@Nullable Scheduled nextCheck;
    private volatile Timer.@Nullable Scheduled answerDeadline;
    private boolean stopped;

    /** @param onNoAnswer runs on the timer's thread when nothing at all arrived in half a keep-alive after a PINGREQ */
    PahoPings(Timer timer, Duration keepAlive, Runnable onNoAnswer) {
        this.timer = timer;
        this.answerTimeout = keepAlive.dividedBy(2);
        this.onNoAnswer = onNoAnswer;
    }

    /** A packet is being written. */
    void sending(PacketType type) {
        if (type == PacketType.PINGREQ) {
            synchronized (this) {
                if (!stopped && answerDeadline == null) {
                    answerDeadline = timer.schedule(answerTimeout, onNoAnswer);
                }
            }
        }
    }

    /** A packet has arrived: the peer is alive. */
    void received() {
        if (answerDeadline != null) { // volatile, so that the usual packet takes no lock
            forgetDeadline();
        }
    }

    private synchronized void forgetDeadline() {
        Timer.Scheduled waiting = answerDeadline;
        if (waiting != null) {
            waiting.cancel();
            answerDeadline = null;
        }
    }

    @Override
    public synchronized void init(ClientComms owner) {
        comms = owner;
    }

    @Override
    public void start() {
        ClientComms owner = comms;
        if (owner != null) {
            schedule(owner.getKeepAlive());
        }
    }

    @Override
    public synchronized void schedule(long delayInMilliseconds) {
        ClientComms owner = comms;
        if (!stopped && owner != null) {
            nextCheck = timer.schedule(Duration.ofMillis(delayInMilliseconds), owner::checkForActivity);
        }
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        if (nextCheck != null) {
            nextCheck.cancel();
        }
        forgetDeadline();
    }
}

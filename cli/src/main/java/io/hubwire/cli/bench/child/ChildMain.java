package io.hubwire.cli.bench.child;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Random;

/**
 * Where a child JVM begins. It ends when its standard input does, so that no child outlives the benchmark, however that
 * ends.
 */
public final class ChildMain {
    private ChildMain() {}

    public static void main(String[] args) throws IOException {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err); // standard output is for answers only
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Role role = role(args[0])) {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                answers.println(Json.writer().writeValueAsString(answer(role, line)));
            }
        } catch (Exception e) {
            System.err.println("hubwire bench " + args[0] + ": " + e);
        }
        System.exit(0);
    }

    private static ObjectNode answer(Role role, String line) {
        try {
            return role.answer(Json.parse("request", line));
        } catch (Exception e) {
            return Json.object().put("error", String.valueOf(e));
        }
    }

    private static Role role(String name) throws Exception {
        Clock clock = Clock.systemUTC();
        return switch (name) {
            case "hub" -> new HubRole();
            case "events-hub" -> new EventsHubRole(System::nanoTime, new Random(1));
            case "events-reader" -> new EventsReaderRole(clock, System::nanoTime);
            case "broker" -> new BrokerRole();
            case "hubwire", "paho" -> new ClientRole(name, clock, System::nanoTime);
            case "raw" -> new RawRole(clock, System::nanoTime);
            case "fleet" -> new FleetRole(System::nanoTime);
            case "start" -> new StartRole(System::nanoTime);
            default -> throw new IllegalArgumentException("no role [" + name + "]");
        };
    }
}

package io.hubwire.localhub.engine;

import io.hubwire.localhub.throttling.Throttles;
import io.hubwire.protocol.time.Timer;
import io.hubwire.protocol.trace.WireTrace;
import java.time.Clock;

/** The engine as the endpoints see it. One per local hub. */
public interface Hub {
    /** How the hub is called. */
    HubNames names();

    AccessControl access();

    Registry registry();

    Twins twins();

    C2dQueues c2d();

    DirectMethods methods();

    EventLog events();

    FeedbackQueue feedback();

    /** Files of devices, and notices about them. */
    FileUploads files();

    Sessions sessions();

    Provisioning provisioning();

    /** Who may issue certificates to devices. */
    CertificateAuthorities authorities();

    /** What the hub's tier lets through. The endpoints ask; the engine itself limits nothing. */
    Throttles throttles();

    /** The one clock; tests may move it. */
    Clock clock();

    /** The one timer, on the same time as {@link #clock}. */
    Timer timer();

    /** Where every packet and request is reported, decoded and masked. */
    WireTrace trace();
}

package io.hubwire.localhub.https;

import java.util.List;

/** A family of operations on one kind of thing. */
interface Resource {
    List<Route> routes();
}

package io.hubwire.localhub.https;

/** What this hub adds and Azure's does not have: no api-version, no credential. */
final class OpenToAll implements Api {
    @Override
    public void requireVersion(RequestTarget target) {
        // none: part of no API of Azure's
    }

    @Override
    public HttpAnswer refusal(Throwable failure, Incident incident) {
        return HubErrors.PLAIN.refusal(failure, incident);
    }
}

package io.hubwire.dps;

/**
 * Where a device belongs. Keep it: a device asks again only when its hub refuses it or is gone for long. Source: dps 4.
 *
 * @param hubHostName the hub to connect to
 * @param deviceId the device's name there; need not be its registration id
 * @param state everything else: substatus, payload, times
 */
public record Assignment(String hubHostName, String deviceId, RegistrationState state) {}

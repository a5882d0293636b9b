package io.hubwire.localhub.store.log;

/** What must have happened to a change before it is acknowledged. */
public enum Sync {
    /**
     * It has been handed to the operating system: it survives the end of this process, however sudden. When the machine
     * itself stops (power, kernel), the changes of the last half minute or so may be missing.
     */
    PROCESS,
    /** It has been forced to the disk: it survives the end of the machine too, if the disk keeps its word. */
    MACHINE
}

package io.hubwire.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * The log goes to standard error, warnings and worse unless {@code -v}, {@code -vv} or {@code --log-level} say otherwise.
 * Found by Logback as a service, which spares every start the reading of an XML file.
 */
public final class CliLogging extends ContextAwareBase implements Configurator {
    static final String LEVEL_PROPERTY = "hubwire.log.level";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{24} %msg%n%rEx{short}");
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Level ours = Level.toLevel(System.getProperty(LEVEL_PROPERTY), Level.WARN);
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
        // libraries are one step quieter than we are: a debug log of ours is not a debug log of Netty
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .setLevel(ours.isGreaterOrEqual(Level.WARN) ? ours : Level.WARN);
        context.getLogger("io.hubwire").setLevel(ours);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}

package io.hubwire.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test class that stands on a {@link TestStage}; where there can be none it is reported as skipped, with the reason. (An
 * assumption that fails before all tests would report no test at all.)
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsHub.Condition.class)
@interface NeedsHub {
    /** Whether it needs a DPS, too. */
    boolean dps() default false;

    /** Asks before anything is started. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            boolean dps = AnnotationSupport.findAnnotation(context.getTestClass(), NeedsHub.class)
                    .map(NeedsHub::dps)
                    .orElse(false);
            Optional<String> missing = TestStage.missing(dps);
            return missing.map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("there is a hub"));
        }
    }
}

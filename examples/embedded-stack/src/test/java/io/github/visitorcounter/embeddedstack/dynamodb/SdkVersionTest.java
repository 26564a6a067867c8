package io.github.visitorcounter.embeddedstack.dynamodb;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SdkVersionTest {

    @Test
    void an_sdk_that_is_too_old_is_a_sentence_with_both_versions() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SdkVersion.check(ClassLoader.getPlatformClassLoader()))
                .withMessageStartingWith(
                        "DynamoDB Local needs version 2.32.0 or later of the AWS SDK for Java 2, and 2.40.2 is");
    }

    @Test
    void this_one_is_new_enough() {
        assertThatCode(() -> SdkVersion.check(SdkVersion.class.getClassLoader()))
                .doesNotThrowAnyException();
    }
}

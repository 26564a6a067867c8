package io.github.visitorcounter.embeddedstack.access;

import io.github.visitorcounter.embeddedstack.access.Policy.Statement;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class PolicyTest {

    private static final String TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/Members";

    @Test
    void each_statement_allows_its_actions_on_its_resources() {
        Policy policy = new Policy(List.of(
                new Statement(List.of("dynamodb:GetItem", "dynamodb:Query"), List.of(TABLE, TABLE + "/index/*")),
                new Statement(List.of("lambda:InvokeFunction"), List.of("arn:f"))));

        assertThat(policy.allows("dynamodb:GetItem", TABLE)).isTrue();
        assertThat(policy.allows("dynamodb:Query", TABLE + "/index/byAge")).isTrue();
        assertThat(policy.allows("lambda:InvokeFunction", "arn:f")).isTrue();
        assertThat(policy.allows("dynamodb:GetItem", TABLE + "2")).isFalse();
        assertThat(policy.allows("dynamodb:PutItem", TABLE)).isFalse();
        assertThat(policy.allows("lambda:InvokeFunction", TABLE)).isFalse();
        assertThat(policy.allows("lambda:InvokeFunction", "arn:f:live")).isFalse();
    }

    @Test
    void stars_and_question_marks_stand_for_text() {
        Policy policy = new Policy(List.of(new Statement(List.of("dynamodb:*Item"), List.of("arn:table/T?"))));

        assertThat(policy.allows("dynamodb:PutItem", "arn:table/T1")).isTrue();
        assertThat(policy.allows("DynamoDB:putitem", "arn:table/T1")).isTrue();
        assertThat(policy.allows("dynamodb:Scan", "arn:table/T1")).isFalse();
        assertThat(policy.allows("dynamodb:PutItem", "arn:table/t1")).isFalse();
        assertThat(policy.allows("dynamodb:PutItem", "arn:table/T12")).isFalse();
    }
}

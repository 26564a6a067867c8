package io.github.visitorcounter.embeddedstack.dynamodb;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TableDefinitionTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "with space", "ümlaut"})
    void rejects_names_that_dynamodb_rejects(String name) {
        assertThatThrownBy(() -> new TableDefinition(
                        CreateTableRequest.builder().tableName(name).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageContaining("3 to 255");
    }

    @Test
    void accepts_the_shortest_and_the_longest_name() {
        for (String name : new String[] {"a.b", "x".repeat(255)}) {
            assertThat(new TableDefinition(
                                    CreateTableRequest.builder().tableName(name).build())
                            .name())
                    .isEqualTo(name);
        }
    }

    @Test
    void an_index_adds_to_what_the_table_has() {
        TableDefinition table = TableDefinition.keyedBy("Rooms", "id")
                .withTimeToLive("expiresAt")
                .withIndex("byOwner", "owner", "since", List.of("size"))
                .withIndex("byPlace", "place", "since", List.of("size"))
                .withStream(StreamViewType.NEW_IMAGE);

        assertThat(table.timeToLiveAttribute()).isEqualTo("expiresAt");
        assertThat(table.request().attributeDefinitions())
                .extracting(attribute -> attribute.attributeName() + " " + attribute.attributeTypeAsString())
                .containsExactly("id S", "owner S", "since N", "place S");
        assertThat(table.request().globalSecondaryIndexes())
                .extracting(GlobalSecondaryIndex::indexName)
                .containsExactly("byOwner", "byPlace");
        assertThat(table.request().globalSecondaryIndexes().get(0)).satisfies(index -> {
            assertThat(index.keySchema())
                    .extracting(key -> key.attributeName() + " " + key.keyTypeAsString())
                    .containsExactly("owner HASH", "since RANGE");
            assertThat(index.projection().nonKeyAttributes()).containsExactly("size");
        });
    }

    @Test
    void rejects_an_empty_time_to_live_attribute() {
        assertThatThrownBy(() -> new TableDefinition(
                        CreateTableRequest.builder().tableName("tab").build(), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("time-to-live");
    }
}

package io.github.visitorcounter.demo;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** The command of docs/counting.md that gives a counter a start value. */
record StartValue(UpdateItemRequest request) {

    private static final int TIMES = 500;

    /**
     * Evaluates the page's command.
     *
     * @param counter the counter
     * @param start the number
     * @param folder a folder for the shell
     */
    static StartValue command(String counter, long start, Path folder) throws IOException, InterruptedException {
        String block = MarkdownPage.read(Path.of("docs/counting.md")).blocks("sh").stream()
                .filter(code -> code.contains("startTotal"))
                .findFirst()
                .orElseThrow();
        String edited = block.replaceFirst("(?m)^table=.*$", "table=VisitorCount")
                .replaceFirst("(?m)^counter=.*$", "counter=" + counter)
                .replaceFirst("(?m)^start=.*$", "start=" + start);
        assertThat(edited).isNotEqualTo(block);
        return new StartValue(AwsCommand.evaluate(edited, folder).updateItem());
    }

    /** A client with conflicts as on AWS, and without retries, as the AWS CLI does not retry conflicts. */
    static DynamoDbClient client(EmbeddedStack stack) {
        return DynamoDbClient.builder()
                .endpointOverride(stack.endpoints().dynamodb())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(60)))
                .overrideConfiguration(configuration -> configuration.retryStrategy(none -> none.maxAttempts(1)))
                .build();
    }

    /**
     * Runs the command, again after each conflict, as the page says.
     *
     * @return how many conflicts there were
     */
    int run(DynamoDbClient client) {
        for (int conflicts = 0; conflicts < TIMES; conflicts++) {
            try {
                client.updateItem(request);
                return conflicts;
            } catch (TransactionConflictException visitorConnects) {
                // Nothing was written.
            }
        }
        throw new AssertionError(TIMES + " conflicts in a row");
    }
}

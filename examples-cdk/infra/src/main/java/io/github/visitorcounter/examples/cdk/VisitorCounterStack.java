package io.github.visitorcounter.examples.cdk;

import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

/** A stack with one visitor counter. */
public final class VisitorCounterStack extends Stack {

    /**
     * Adds the stack.
     *
     * @param scope where
     * @param id its name there, and in CloudFormation
     * @param props what its visitor counter is made of
     */
    public VisitorCounterStack(Construct scope, String id, VisitorCounterProps props) {
        super(
                scope,
                id,
                StackProps.builder()
                        .description(
                                "A real-time visitor counter - WebSocket API, Lambda, DynamoDB Streams, broadcast.")
                        .build());
        VisitorCounter counter = new VisitorCounter(this, "VisitorCounter", props);
        counter.pageUrl().ifPresent(url -> CfnOutput.Builder.create(this, "PageUrl")
                .description("The page")
                .value(url)
                .build());
        CfnOutput.Builder.create(this, "SocketUrl")
                .description("The address that pages connect to")
                .value(counter.socketUrl())
                .build();
        counter.httpCountUrl().ifPresent(url -> CfnOutput.Builder.create(this, "HttpCountAddress")
                .description("The count over HTTP is at /count and /badge.svg of this address")
                .value(url)
                .build());
        CfnOutput.Builder.create(this, "VisitorCountTable")
                .description("The table of counters")
                .value(counter.visitorCountTable().getTableName())
                .build();
        CfnOutput.Builder.create(this, "UndeliveredQueue")
                .description("The dead-letter queue")
                .value(counter.undeliveredQueue().getQueueUrl())
                .build();
    }
}

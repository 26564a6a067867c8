package io.github.visitorcounter.embeddedstack.lambda.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;

import java.util.List;

/** Logs each record and reports the last as failed. */
public class FailLastRecordHandler implements RequestHandler<DynamodbEvent, StreamsEventResponse> {

    @Override
    public StreamsEventResponse handleRequest(DynamodbEvent event, Context context) {
        event.getRecords().forEach(record -> context.getLogger()
                .log(record.getEventName() + " "
                        + record.getDynamodb().getNewImage().get("count").getN() + " "
                        + record.getEventSourceARN()));
        String last = event.getRecords()
                .get(event.getRecords().size() - 1)
                .getDynamodb()
                .getSequenceNumber();
        return new StreamsEventResponse(List.of(new StreamsEventResponse.BatchItemFailure(last)));
    }
}

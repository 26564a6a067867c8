// The broadcast in JavaScript, without lease and pace: reads the count and the connections, and posts to each.
import {DynamoDBClient, GetItemCommand, paginateScan} from '@aws-sdk/client-dynamodb';
import {ApiGatewayManagementApiClient, PostToConnectionCommand} from '@aws-sdk/client-apigatewaymanagementapi';

const dynamoDb = new DynamoDBClient({});
const connections = new ApiGatewayManagementApiClient({endpoint: process.env.CALLBACK_URL});

export async function handler(event) {
  const counter = event.Records[0].dynamodb.Keys.counterId.S;
  const {Item: count} = await dynamoDb.send(new GetItemCommand({
    TableName: 'VisitorCount', Key: {counterId: {S: counter}}, ConsistentRead: true,
  }));
  const message = JSON.stringify({
    type: 'visitor-count', counter,
    live: Number(count.live.N), total: Number(count.total.N), version: Number(count.version.N),
  });
  const posts = [];
  for await (const page of paginateScan({client: dynamoDb}, {TableName: 'ConnectionIDs', ConsistentRead: true})) {
    for (const row of page.Items) {
      posts.push(connections.send(new PostToConnectionCommand({ConnectionId: row.connectionId.S, Data: message})));
    }
  }
  await Promise.all(posts);
  return {batchItemFailures: []};
}

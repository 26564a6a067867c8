// $connect in JavaScript: the library's transaction, by the AWS SDK as it comes.
import {DynamoDBClient, TransactWriteItemsCommand} from '@aws-sdk/client-dynamodb';

const dynamoDb = new DynamoDBClient({});

export async function handler(event) {
  const {connectionId, connectedAt} = event.requestContext;
  await dynamoDb.send(new TransactWriteItemsCommand({
    TransactItems: [
      {
        Put: {
          TableName: 'ConnectionIDs',
          Item: {
            connectionId: {S: connectionId},
            counterId: {S: 'site'},
            connectedAt: {N: String(connectedAt)},
            expiresAt: {N: String(Math.floor(connectedAt / 1000) + 7800)},
          },
          ConditionExpression: 'attribute_not_exists(connectionId)',
        },
      },
      {
        Update: {
          TableName: 'VisitorCount',
          Key: {counterId: {S: 'site'}},
          UpdateExpression: 'SET lastChange = :change, lastConnectionId = :connectionId, updatedAt = :at'
            + ' ADD #total :one, live :one, version :one',
          ExpressionAttributeNames: {'#total': 'total'},
          ExpressionAttributeValues: {
            ':change': {S: 'CONNECT'},
            ':connectionId': {S: connectionId},
            ':at': {N: String(connectedAt)},
            ':one': {N: '1'},
          },
        },
      },
    ],
  }));
  return {statusCode: 200};
}

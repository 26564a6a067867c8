package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.client.WebSocketClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class RouteResponseIT {

    @TempDir
    private Path folder;

    @Test
    void a_route_answers_if_it_has_a_response() throws IOException {
        Path template = Files.writeString(folder.resolve("template.yaml"), """
                Resources:
                  Api:
                    Type: AWS::ApiGatewayV2::Api
                    Properties: {Name: answers, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}
                  Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: live, AutoDeploy: true}}
                  Mock:
                    Type: AWS::ApiGatewayV2::Integration
                    Properties:
                      ApiId: !Ref Api
                      IntegrationType: MOCK
                      TemplateSelectionExpression: 200
                      RequestTemplates: {200: '{"statusCode":200}'}
                  MockResponse:
                    Type: AWS::ApiGatewayV2::IntegrationResponse
                    Properties:
                      ApiId: !Ref Api
                      IntegrationId: !Ref Mock
                      IntegrationResponseKey: /200/
                      TemplateSelectionExpression: 200
                      ResponseTemplates: {200: '{"type":"answer"}'}
                  Other:
                    Type: AWS::ApiGatewayV2::Integration
                    Properties:
                      ApiId: !Ref Api
                      IntegrationType: MOCK
                      TemplateSelectionExpression: 200
                      RequestTemplates: {200: '{"statusCode":200}'}
                  OtherResponse:
                    Type: AWS::ApiGatewayV2::IntegrationResponse
                    Properties:
                      ApiId: !Ref Api
                      IntegrationId: !Ref Other
                      IntegrationResponseKey: /200/
                      TemplateSelectionExpression: 200
                      ResponseTemplates: {200: '{"type":"not sent"}'}
                  WithResponse:
                    Type: AWS::ApiGatewayV2::Route
                    Properties: {ApiId: !Ref Api, RouteKey: response, Target: !Sub 'integrations/${Mock}'}
                  Response:
                    Type: AWS::ApiGatewayV2::RouteResponse
                    Properties: {ApiId: !Ref Api, RouteId: !Ref WithResponse, RouteResponseKey: $default}
                  WithExpression:
                    Type: AWS::ApiGatewayV2::Route
                    Properties:
                      ApiId: !Ref Api
                      RouteKey: expression
                      Target: !Sub 'integrations/${Other}'
                      RouteResponseSelectionExpression: $default
                """);
        try (EmbeddedStack stack = StackTemplate.read(template, TemplateOptions.NONE)
                        .describe()
                        .start();
                WebSocketClient page = stack.client().connect()) {
            page.send("{\"action\":\"expression\"}");
            page.send("{\"action\":\"response\"}");
            page.awaitMessage("type", "answer");

            // The gateway handles the messages of a connection in their order.
            assertThat(page.messages()).hasSize(1);
        }
    }
}

package io.github.visitorcounter.embeddedstack.template;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StackTemplateTest {

    private static final Path CHAT = Path.of("src/test/resources/templates/chat.yaml");

    @TempDir
    private Path folder;

    @Test
    void unsupported_resources_have_one_line_for_each_kind() throws IOException {
        assertThat(StackTemplate.read(CHAT, Map.of()).unsupportedResources())
                .containsExactly(
                        "AWS::DynamoDB::Table PointInTimeRecoverySpecification (Members)",
                        "AWS::SQS::Queue (Forgotten)",
                        "AWS::Serverless::Function Environment Variables FORGOTTEN_QUEUE, which is ${Forgotten} here"
                                + " (Tell)",
                        "AWS::Serverless::Function SnapStart (Closed, Join, Leave, Say, Shout, Tell)",
                        "AWS::Serverless::Function event DynamoDB DestinationConfig (Tell.Said)",
                        "AWS::Serverless::Function event S3 (Tell.Uploaded)",
                        "AWS::Serverless::Function event Schedule Targets RetryPolicy (Tell.EachHour)",
                        "AWS::Serverless::WebSocketApi DefaultRouteSettings (Api)");
    }

    @Test
    void a_resource_with_a_false_condition_is_ignored() throws IOException {
        assertThat(StackTemplate.read(CHAT, Map.of("Telling", "no")).unsupportedResources())
                .noneMatch(line -> line.contains("Tell"));
    }

    @Test
    void all_problems_are_reported_at_once() throws IOException {
        Path template = write("""
                Parameters:
                  Size: {Type: Number, MinValue: 1, MaxValue: 10}
                  Colour: {Type: String, Default: red, AllowedValues: [red, blue]}
                  Needed: {Type: String}
                Rules:
                  BlueIsSmall:
                    RuleCondition: !Equals [!Ref Colour, green]
                    Assertions: [{Assert: !Equals [!Ref Size, '1'], AssertDescription: green things are small}]
                Resources:
                  Broken:
                    Type: AWS::Lambda::Function
                    Properties:
                      Timeout: soon
                      MemorySize: !Ref Nothing
                      Environment: {Variables: {ADDRESS: !GetAtt Nobody.Arn}}
                  Slow:
                    Type: AWS::Lambda::Function
                    Properties: {Handler: a.B, Timeout: 1000, Role: elsewhere}
                  Mapping:
                    Type: AWS::Lambda::EventSourceMapping
                    Properties:
                      EventSourceArn: arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/1
                      FunctionName: !Ref Slow
                      StartingPosition: YESTERDAY
                      BatchSize: 20000
                      MaximumBatchingWindowInSeconds: 301
                  Windowed:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: a.B
                      Runtime: java21
                      Events:
                        Change:
                          Type: DynamoDB
                          Properties:
                            Stream: arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/1
                            StartingPosition: LATEST
                            MaximumBatchingWindowInSeconds: 400
                  Table:
                    Type: AWS::DynamoDB::Table
                    Properties: {KeySchema: [{AttributeName: id}], StreamSpecification: {StreamEnabled: true}}
                """);

        assertThatExceptionOfType(InvalidTemplateException.class)
                .isThrownBy(
                        () -> StackTemplate.read(template, Map.of("Size", "11", "Colour", "green", "Shape", "round")))
                .satisfies(invalid -> assertThat(invalid.getMessage()).doesNotContain("Function 'Broken'"))
                .withMessageContainingAll(
                        template.toString(),
                        "There is no parameter Shape. Parameters: [Size, Colour, Needed]",
                        "Parameter Size is '11'. Allowed: a number from 1 up to 10",
                        "Parameter Colour is 'green'. Allowed: one of [red, blue]",
                        "Parameter Needed has no default and was not given",
                        "Rule BlueIsSmall: green things are small",
                        "Broken.Handler is missing",
                        "Broken.Timeout must be a whole number, not soon",
                        "Broken.MemorySize refers to Nothing, which the template does not have",
                        "Broken.Environment.Variables.ADDRESS refers to Nobody.Arn, which the template does not have",
                        "Function 'Slow' is not defined well",
                        "Mapping.StartingPosition is 'YESTERDAY'. Allowed for a table: LATEST, TRIM_HORIZON",
                        "batchSize is 20000: it must be from 1 to 10000",
                        "maximumBatchingWindowInSeconds is 301: it must be from 0 to 300",
                        "maximumBatchingWindowInSeconds is 400: it must be from 0 to 300",
                        "Table.KeySchema[0].KeyType is missing",
                        "Table.StreamSpecification.StreamViewType is missing");
    }

    @Test
    void an_authorizer_that_aws_rejects_is_a_problem() throws IOException {
        Path template = write("""
                Resources:
                  Guard: {Type: AWS::Lambda::Function, Properties: {Handler: a.B}}
                  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
                  Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: prod}}
                  Authorizer:
                    Type: AWS::ApiGatewayV2::Authorizer
                    Properties:
                      ApiId: !Ref Api
                      Name: guard
                      AuthorizerType: JWT
                      AuthorizerUri: !Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Guard.Arn}/invocations'
                      AuthorizerResultTtlInSeconds: 300
                      IdentitySource: [route.request.header.Auth, stageVariables.tenant]
                  Mock:
                    Type: AWS::ApiGatewayV2::Integration
                    Properties: {ApiId: !Ref Api, IntegrationType: MOCK, RequestTemplates: {$default: '{"statusCode":200}'}}
                  Connect:
                    Type: AWS::ApiGatewayV2::Route
                    Properties:
                      {ApiId: !Ref Api, RouteKey: $connect, Target: !Sub 'integrations/${Mock}',
                       AuthorizationType: CUSTOM, AuthorizerId: !Ref Authorizer}
                  Other:
                    Type: AWS::ApiGatewayV2::Route
                    Properties:
                      {ApiId: !Ref Api, RouteKey: other, Target: !Sub 'integrations/${Mock}',
                       AuthorizationType: CUSTOM, AuthorizerId: !Ref Authorizer}
                """);

        assertThatExceptionOfType(InvalidTemplateException.class)
                .isThrownBy(() -> StackTemplate.read(template, Map.of()))
                .withMessageContainingAll(
                        "Authorizer.AuthorizerType is 'JWT'. Allowed for a WebSocket API: REQUEST",
                        "Authorizer.AuthorizerResultTtlInSeconds can't be set for a WebSocket API",
                        "Authorizer.AuthorizerUri leads to Guard, which apigateway.amazonaws.com may not invoke: there is no"
                                + " AWS::Lambda::Permission for"
                                + " arn:aws:execute-api:us-east-1:000000000000:localapi01/authorizers/Authorizer",
                        "Other.AuthorizationType is CUSTOM. Authorization is restricted to the $connect route.");
    }

    @Test
    void sam_expands_Auth_to_an_authorizer() throws IOException {
        Path template = write("""
                Resources:
                  Guard: {Type: AWS::Serverless::Function, Properties: {Handler: a.B, Runtime: java21}}
                  Api:
                    Type: AWS::Serverless::WebSocketApi
                    Properties:
                      RouteSelectionExpression: $request.body.action
                      Auth:
                        AuthType: CUSTOM
                        AuthArn: !GetAtt Guard.Arn
                        IdentitySource: [route.request.header.Auth, stageVariables.tenant]
                        Name: guard
                      Routes:
                        $connect: {FunctionArn: !GetAtt Guard.Arn}
                """);

        StackTemplate read = StackTemplate.read(template, Map.of());

        // Everything but the authorizer is unsupported.
        assertThat(read.unsupportedResources())
                .containsExactly(
                        "AWS::Serverless::WebSocketApi Auth IdentitySource stageVariables.tenant (Api.Authorizer)");
    }

    @Test
    void a_route_that_api_gateway_may_not_invoke_is_a_problem() throws IOException {
        Path template = write("""
                Resources:
                  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
                  Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: prod}}
                  Route:
                    Type: AWS::ApiGatewayV2::Route
                    Properties: {ApiId: !Ref Api, RouteKey: $connect, Target: !Sub 'integrations/${Integration}'}
                  Integration:
                    Type: AWS::ApiGatewayV2::Integration
                    Properties:
                      ApiId: !Ref Api
                      IntegrationType: AWS_PROXY
                      IntegrationUri: !Sub
                        - arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F}/invocations
                        - F: !GetAtt Function.Arn
                  Function: {Type: AWS::Lambda::Function, Properties: {Handler: a.B, Role: elsewhere}}
                  Permission:
                    Type: AWS::Lambda::Permission
                    Properties:
                      FunctionName: !Ref Function
                      Principal: apigateway.amazonaws.com
                      SourceArn: !Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/dev/$connect
                """);

        assertThatExceptionOfType(InvalidTemplateException.class)
                .isThrownBy(() -> StackTemplate.read(template, Map.of()))
                .withMessageContaining(
                        "Route.Target leads to Function, which apigateway.amazonaws.com may not invoke: there is no"
                                + " AWS::Lambda::Permission for"
                                + " arn:aws:execute-api:us-east-1:000000000000:localapi01/prod/$connect");
        Files.writeString(template, Files.readString(template).replace("/dev/", "/*/"));
        assertThat(StackTemplate.read(template, Map.of()).unsupportedResources())
                .containsExactly("AWS::Lambda::Function Role outside the template, so that everything is allowed"
                        + " (Function)");
    }

    @Test
    void a_schedule_needs_a_rate_and_a_permission() throws IOException {
        Path template = write("""
                Resources:
                  Function: {Type: AWS::Lambda::Function, Properties: {Handler: a.B, Role: elsewhere}}
                  Often:
                    Type: AWS::Events::Rule
                    Properties:
                      ScheduleExpression: rate(5 minutes)
                      Targets: [{Id: function, Arn: !GetAtt Function.Arn}]
                  Daily:
                    Type: AWS::Events::Rule
                    Properties:
                      ScheduleExpression: cron(0 10 * * ? *)
                      Targets: [{Id: function, Arn: !GetAtt Function.Arn}]
                  Permission:
                    Type: AWS::Lambda::Permission
                    Properties:
                      FunctionName: !Ref Function
                      Principal: events.amazonaws.com
                      SourceArn: !GetAtt Often.Arn
                """);

        assertThat(StackTemplate.read(template, Map.of()).unsupportedResources())
                .contains("AWS::Events::Rule with cron(0 10 * * ? *) (Daily)")
                .noneMatch(line -> line.contains("Often"));

        Files.writeString(template, Files.readString(template).replace("events.amazonaws", "apigateway.amazonaws"));
        assertThatExceptionOfType(InvalidTemplateException.class)
                .isThrownBy(() -> StackTemplate.read(template, Map.of()))
                .withMessageContaining(
                        "Often.Targets[0].Arn leads to Function, which events.amazonaws.com may not invoke:"
                                + " there is no AWS::Lambda::Permission for arn:aws:events:us-east-1:000000000000:rule/Often");
    }

    @Test
    void one_function_has_a_url() throws IOException {
        Path template = write("""
                Resources:
                  Count:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: a.B, Runtime: java21, AutoPublishAlias: live, FunctionUrlConfig: {AuthType: NONE}}
                  Other: {Type: AWS::Serverless::Function, Properties: {Handler: a.B, Runtime: java21}}
                """);

        StackTemplate read = StackTemplate.read(template, Map.of());
        assertThat(read.functionUrl()).contains("Count:live");
        assertThat(read.unsupportedResources()).isEmpty();

        Files.writeString(template, """
                  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: AWS_IAM, TargetFunctionArn: !GetAtt Other.Arn}}
                """, StandardOpenOption.APPEND);
        assertThatExceptionOfType(InvalidTemplateException.class)
                .isThrownBy(() -> StackTemplate.read(template, Map.of()))
                .withMessageContaining("Url is a second function URL; the embedded stack has one");
    }

    @Test
    void url_has_a_qualifier_and_settings_that_are_reported() throws IOException {
        Path template = write("""
                Resources:
                  Count: {Type: AWS::Serverless::Function, Properties: {Handler: a.B, Runtime: java21}}
                  Url:
                    Type: AWS::Lambda::Url
                    Properties: {AuthType: NONE, TargetFunctionArn: !Ref Count, Qualifier: live, Cors: {AllowOrigins: ['*']}}
                """);

        StackTemplate read = StackTemplate.read(template, Map.of());
        assertThat(read.functionUrl()).contains("Count:live");
        assertThat(read.unsupportedResources()).containsExactly("AWS::Lambda::Url Cors (Url)");

        Files.writeString(
                template, Files.readString(template).replace("Qualifier: live", "InvokeMode: RESPONSE_STREAM"));
        StackTemplate streaming = StackTemplate.read(template, Map.of());
        assertThat(streaming.functionUrl()).isEmpty();
        assertThat(streaming.unsupportedResources())
                .containsExactly("AWS::Lambda::Url with the InvokeMode RESPONSE_STREAM (Url)");
    }

    @Test
    void a_function_in_another_language_is_unsupported() throws IOException {
        Path template = write("""
                Resources:
                  Script: {Type: AWS::Lambda::Function, Properties: {Handler: index.handler, Runtime: nodejs22.x}}
                """);

        assertThat(StackTemplate.read(template, Map.of()).unsupportedResources())
                .containsExactly("AWS::Lambda::Function with the runtime nodejs22.x (Script)");
    }

    @Test
    void a_template_may_be_json() throws IOException {
        Path template = write("""
                {"Resources": {"Metadata": {"Type": "AWS::CDK::Metadata"}, "Topic": {"Type": "AWS::SNS::Topic"}}}
                """);

        assertThat(StackTemplate.read(template, Map.of()).unsupportedResources())
                .containsExactly("AWS::SNS::Topic (Topic)");
    }

    @Test
    void an_invalid_template_is_rejected() throws IOException {
        Path noYaml = write("Resources: {");
        assertThatExceptionOfType(InvalidTemplateException.class)
                .isThrownBy(() -> StackTemplate.read(noYaml, Map.of()))
                .withMessageContaining("It is not YAML or JSON");

        Path noTemplate = write("name: compose");
        assertThatExceptionOfType(InvalidTemplateException.class)
                .isThrownBy(() -> StackTemplate.read(noTemplate, Map.of()))
                .withMessageContaining("It has no Resources");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("template.yaml"), text);
    }
}

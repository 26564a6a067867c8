package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.Setting;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudfront.CfnCachePolicy;
import software.amazon.awscdk.services.cloudfront.CfnDistribution;
import software.amazon.awscdk.services.cloudfront.CfnOriginAccessControl;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.lambda.CfnPermission;
import software.amazon.awscdk.services.lambda.CfnUrl;
import software.amazon.awscdk.services.lambda.Function;
import software.constructs.Construct;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The count over HTTP: a function that only CloudFront may call.
 *
 * <p>A function URL, not an HTTP API: it costs nothing beside the invocation, CloudFront signs its requests, and Lambda
 * answers all others with 403 without an invocation. The reserved concurrency throttles it.
 */
final class HttpCount extends Construct {

    private static final String ORIGIN = "count";
    private static final List<String> METHODS = List.of("GET", "HEAD", "OPTIONS");

    private final Stack stack;
    private final CounterFunction function;
    private final CfnUrl url;
    private final CfnOriginAccessControl access;
    private final CfnCachePolicy cache;

    /**
     * Adds the function, its URL, and what a distribution needs to cache its answers.
     *
     * @param function starts a function in a scope, with an id, and with the settings that all functions have
     * @param countersTableArn the table of counters
     */
    HttpCount(
            Construct scope,
            String id,
            VisitorCounterProps props,
            BiFunction<Construct, String, CounterFunction.Builder> function,
            String countersTableArn) {
        super(scope, id);
        this.stack = Stack.of(this);
        this.function = function(props, function.apply(this, "HttpCount"), countersTableArn);
        this.url = CfnUrl.Builder.create(this, "Url")
                .authType("AWS_IAM")
                .targetFunctionArn(this.function.alias().getFunctionArn())
                .build();
        this.access = access();
        this.cache = cache(props.httpCountMaxAge().toSeconds());
        keepAlive();
    }

    private static CounterFunction function(
            VisitorCounterProps props, CounterFunction.Builder function, String countersTableArn) {
        function.description("Answers requests for a count over HTTP")
                // The handler retries DynamoDB until shortly before this, then answers that the count is unavailable.
                .timeout(Duration.seconds(5))
                .setting(Setting.ALLOWED_COUNTERS, new LinkedHashSet<>(props.allowedCounters()))
                // It may be requested, too.
                .reference(Setting.SITE_COUNTER, props.siteCounter().orElse(""))
                // Pages of other origins. The stack's own page has the same origin, and needs no permission.
                .reference(Setting.ALLOWED_ORIGINS, String.join(",", props.allowedOrigins()))
                .setting(Setting.COUNT_MAX_AGE, props.httpCountMaxAge())
                // A busy counter has several rows.
                .allow(countersTableArn, "dynamodb:GetItem", "dynamodb:BatchGetItem");
        if (props.httpCountConcurrency() > 0) {
            // Anyone can request counts that are not in the cache, with another label or another counter of a wildcard.
            // This is the ceiling of their price.
            function.concurrency(props.httpCountConcurrency());
        }
        return function.build();
    }

    Function function() {
        return function.function();
    }

    /** The origin for a distribution that serves the count. */
    CfnDistribution.OriginProperty origin() {
        return CfnDistribution.OriginProperty.builder()
                .id(ORIGIN)
                .domainName(Fn.select(2, Fn.split("/", url.getAttrFunctionUrl())))
                .originAccessControlId(access.getAttrId())
                .customOriginConfig(CfnDistribution.CustomOriginConfigProperty.builder()
                        .originProtocolPolicy("https-only")
                        .originSslProtocols(List.of("TLSv1.2"))
                        .build())
                .build();
    }

    /** The behaviours of a distribution that also serves a page. */
    List<CfnDistribution.CacheBehaviorProperty> behaviours() {
        return List.of(behaviour("/count"), behaviour("/badge.svg"));
    }

    private CfnDistribution.CacheBehaviorProperty behaviour(String path) {
        return CfnDistribution.CacheBehaviorProperty.builder()
                .pathPattern(path)
                .targetOriginId(ORIGIN)
                .viewerProtocolPolicy("redirect-to-https")
                .allowedMethods(METHODS)
                .cachedMethods(METHODS)
                .cachePolicyId(cache.getRef())
                .build();
    }

    /** Adds a distribution for the count only, for a stack without a page. */
    CfnDistribution distribution() {
        return CfnDistribution.Builder.create(this, "Distribution")
                .distributionConfig(CfnDistribution.DistributionConfigProperty.builder()
                        .comment(stack.getStackName())
                        .enabled(true)
                        .httpVersion("http2and3")
                        .ipv6Enabled(true)
                        .origins(List.of(origin()))
                        .defaultCacheBehavior(CfnDistribution.DefaultCacheBehaviorProperty.builder()
                                .targetOriginId(ORIGIN)
                                .viewerProtocolPolicy("redirect-to-https")
                                .allowedMethods(METHODS)
                                .cachedMethods(METHODS)
                                .cachePolicyId(cache.getRef())
                                .build())
                        .build())
                .build();
    }

    /** Allows a distribution to call the function URL, which needs both permissions. */
    void allow(CfnDistribution distribution) {
        permission("UrlPermission", "lambda:InvokeFunctionUrl", distribution);
        permission("Permission", "lambda:InvokeFunction", distribution);
    }

    private void permission(String id, String action, CfnDistribution distribution) {
        CfnPermission.Builder.create(this, id)
                .functionName(function.alias().getFunctionArn())
                .action(action)
                .principal("cloudfront.amazonaws.com")
                .sourceArn("arn:" + stack.getPartition() + ":cloudfront::" + stack.getAccount() + ":distribution/"
                        + distribution.getRef())
                .build();
    }

    private CfnOriginAccessControl access() {
        return CfnOriginAccessControl.Builder.create(this, "Access")
                .originAccessControlConfig(CfnOriginAccessControl.OriginAccessControlConfigProperty.builder()
                        .name(uniqueName())
                        .originAccessControlOriginType("lambda")
                        .signingBehavior("always")
                        .signingProtocol("sigv4")
                        .build())
                .build();
    }

    private CfnCachePolicy cache(long maxAgeSeconds) {
        return CfnCachePolicy.Builder.create(this, "Cache")
                .cachePolicyConfig(CfnCachePolicy.CachePolicyConfigProperty.builder()
                        .name(uniqueName())
                        // The answers say how long they may be cached.
                        .minTtl(0)
                        .defaultTtl(maxAgeSeconds)
                        .maxTtl(maxAgeSeconds)
                        .parametersInCacheKeyAndForwardedToOrigin(cacheKey())
                        .build())
                .build();
    }

    private static CfnCachePolicy.ParametersInCacheKeyAndForwardedToOriginProperty cacheKey() {
        return CfnCachePolicy.ParametersInCacheKeyAndForwardedToOriginProperty.builder()
                // Other parameters do not reach the function, and requests that differ in them only share an answer.
                .queryStringsConfig(CfnCachePolicy.QueryStringsConfigProperty.builder()
                        .queryStringBehavior("whitelist")
                        .queryStrings(List.of("counter", "label", "color", "style", "show"))
                        .build())
                // The answer names the origin that may read it.
                .headersConfig(CfnCachePolicy.HeadersConfigProperty.builder()
                        .headerBehavior("whitelist")
                        .headers(List.of("Origin"))
                        .build())
                .cookiesConfig(CfnCachePolicy.CookiesConfigProperty.builder()
                        .cookieBehavior("none")
                        .build())
                .enableAcceptEncodingBrotli(false)
                .enableAcceptEncodingGzip(false)
                .build();
    }

    /** As the schedule of the other functions, which has five targets, the maximum. */
    private void keepAlive() {
        CfnRule rule = CfnRule.Builder.create(this, "KeepAliveSchedule")
                .description("Keeps the snapshot of the count over HTTP active")
                .scheduleExpression("rate(1 day)")
                .targets(List.of(CfnRule.TargetProperty.builder()
                        .id(function.dashedName())
                        .arn(function.alias().getFunctionArn())
                        .build()))
                .build();
        CfnPermission.Builder.create(this, "KeepAlivePermission")
                .functionName(function.alias().getFunctionArn())
                .action("lambda:InvokeFunction")
                .principal("events.amazonaws.com")
                .sourceArn(rule.getAttrArn())
                .build();
    }

    /** Names of CloudFront are unique in an account, across regions; the last part of the stack's id is. */
    private String uniqueName() {
        return Fn.join("-", List.of("count", Fn.select(2, Fn.split("/", stack.getStackId()))));
    }
}

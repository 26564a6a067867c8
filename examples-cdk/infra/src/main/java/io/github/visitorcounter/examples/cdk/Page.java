package io.github.visitorcounter.examples.cdk;

import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudfront.CfnDistribution;
import software.amazon.awscdk.services.cloudfront.CfnOriginAccessControl;
import software.amazon.awscdk.services.cloudfront.CfnResponseHeadersPolicy;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.CfnBucketPolicy;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.constructs.Construct;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The page: files in a bucket that only CloudFront may read.
 *
 * <p>Not {@code BucketDeployment}: its function may invalidate every distribution, and read and write more than this
 * needs.
 */
final class Page extends Construct {

    /** AWS's cache policy CachingOptimized. */
    private static final String CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

    private final Stack stack;
    private final Bucket bucket;
    private final CfnDistribution distribution;

    /**
     * Adds the page.
     *
     * @param files the folder with publish.mjs and the site
     * @param socketUrl where it connects to
     * @param socketHost the host of that address
     * @param httpCount the count over HTTP, which the page's distribution serves, too
     */
    Page(
            Construct scope,
            String id,
            Code files,
            String socketUrl,
            String socketHost,
            Optional<HttpCount> httpCount,
            RetentionDays logRetention) {
        super(scope, id);
        this.stack = Stack.of(this);
        this.bucket = Bucket.Builder.create(this, "Bucket")
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
                // The files below empty it before.
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        this.distribution = distribution(access(), headers(socketHost), httpCount);
        allowReading();
        publish(files, socketUrl, httpCount.isPresent(), logRetention);
    }

    String url() {
        return "https://" + distribution.getAttrDomainName();
    }

    CfnDistribution distribution() {
        return distribution;
    }

    private CfnOriginAccessControl access() {
        return CfnOriginAccessControl.Builder.create(this, "Access")
                .originAccessControlConfig(CfnOriginAccessControl.OriginAccessControlConfigProperty.builder()
                        .name(uniqueName())
                        .originAccessControlOriginType("s3")
                        .signingBehavior("always")
                        .signingProtocol("sigv4")
                        .build())
                .build();
    }

    private CfnResponseHeadersPolicy headers(String socketHost) {
        // The page needs its own files and the socket, and nothing else.
        String policy =
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self' wss://"
                        + socketHost + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return CfnResponseHeadersPolicy.Builder.create(this, "Headers")
                .responseHeadersPolicyConfig(CfnResponseHeadersPolicy.ResponseHeadersPolicyConfigProperty.builder()
                        .name(uniqueName())
                        .securityHeadersConfig(CfnResponseHeadersPolicy.SecurityHeadersConfigProperty.builder()
                                .contentSecurityPolicy(CfnResponseHeadersPolicy.ContentSecurityPolicyProperty.builder()
                                        .contentSecurityPolicy(policy)
                                        .override(true)
                                        .build())
                                .contentTypeOptions(CfnResponseHeadersPolicy.ContentTypeOptionsProperty.builder()
                                        .override(true)
                                        .build())
                                .referrerPolicy(CfnResponseHeadersPolicy.ReferrerPolicyProperty.builder()
                                        .referrerPolicy("no-referrer")
                                        .override(true)
                                        .build())
                                .strictTransportSecurity(
                                        CfnResponseHeadersPolicy.StrictTransportSecurityProperty.builder()
                                                .accessControlMaxAgeSec(31_536_000)
                                                .override(true)
                                                .build())
                                .build())
                        .build())
                .build();
    }

    private CfnDistribution distribution(
            CfnOriginAccessControl access, CfnResponseHeadersPolicy headers, Optional<HttpCount> httpCount) {
        List<CfnDistribution.OriginProperty> origins = new ArrayList<>(List.of(origin(access)));
        httpCount.map(HttpCount::origin).ifPresent(origins::add);
        return CfnDistribution.Builder.create(this, "Distribution")
                .distributionConfig(CfnDistribution.DistributionConfigProperty.builder()
                        .comment(stack.getStackName())
                        .enabled(true)
                        .defaultRootObject("index.html")
                        .httpVersion("http2and3")
                        .ipv6Enabled(true)
                        .origins(origins)
                        .defaultCacheBehavior(CfnDistribution.DefaultCacheBehaviorProperty.builder()
                                .targetOriginId("page")
                                .viewerProtocolPolicy("redirect-to-https")
                                .compress(true)
                                // The files say no-cache, so that a new deployment needs no invalidation.
                                .cachePolicyId(CACHING_OPTIMIZED)
                                .responseHeadersPolicyId(headers.getRef())
                                .build())
                        .cacheBehaviors(httpCount.map(HttpCount::behaviours).orElse(null))
                        .build())
                .build();
    }

    private CfnDistribution.OriginProperty origin(CfnOriginAccessControl access) {
        return CfnDistribution.OriginProperty.builder()
                .id("page")
                .domainName(bucket.getBucketRegionalDomainName())
                .originAccessControlId(access.getAttrId())
                .s3OriginConfig(CfnDistribution.S3OriginConfigProperty.builder()
                        .originAccessIdentity("")
                        .build())
                .build();
    }

    private void allowReading() {
        String arn = "arn:" + stack.getPartition() + ":cloudfront::" + stack.getAccount() + ":distribution/"
                + distribution.getRef();
        CfnBucketPolicy.Builder.create(this, "BucketPolicy")
                .bucket(bucket.getBucketName())
                .policyDocument(PolicyDocument.Builder.create()
                        .statements(List.of(PolicyStatement.Builder.create()
                                .principals(List.of(new ServicePrincipal("cloudfront.amazonaws.com")))
                                .actions(List.of("s3:GetObject"))
                                .resources(List.of(bucket.arnForObjects("*")))
                                .conditions(Map.of("StringEquals", Map.of("AWS:SourceArn", arn)))
                                .build()))
                        .build())
                .build();
    }

    /** A function that runs when the stack is deployed or deleted and never else. */
    private void publish(Code files, String socketUrl, boolean servesCount, RetentionDays logRetention) {
        CounterFunction publish = new CounterFunction.Builder(this, "Publish", "publish.handler", files, logRetention)
                .description("Copies the page into its bucket")
                .runtime(Runtime.NODEJS_22_X, 256)
                .timeout(Duration.seconds(60))
                .allow(bucket.arnForObjects("*"), "s3:PutObject", "s3:DeleteObject")
                .allow(bucket.getBucketArn(), "s3:ListBucket")
                .build();
        Map<String, String> config = new TreeMap<>(Map.of("websocket", socketUrl));
        if (servesCount) {
            // Where WebSockets are blocked, the page reads the count there.
            config.put("count", url() + "/count");
        }
        CfnResource.Builder.create(this, "Files")
                .type("Custom::PageFiles")
                .properties(Map.of(
                        "ServiceToken", publish.alias().getFunctionArn(),
                        "ServiceTimeout", 120,
                        "Bucket", bucket.getBucketName(),
                        // config.json tells the page where to connect.
                        "Config", config,
                        // CloudFormation runs it again only when a property has changed, and a changed file
                        // makes
                        // a new version.
                        "Files", publish.function().getCurrentVersion().getFunctionArn()))
                .build();
    }

    /** Because these names are one for all regions of an account; the last part of the stack's id is its own. */
    private String uniqueName() {
        return Fn.select(2, Fn.split("/", stack.getStackId()));
    }
}

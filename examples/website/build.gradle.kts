// The same project for Gradle. The versions are those of pom.xml; a test of the repository compares them.
plugins {
    java
}

repositories {
    // Only for a version that is not on Maven Central yet.
    mavenLocal()
    mavenCentral()
}

dependencies {
    implementation(platform("software.amazon.awssdk:bom:2.40.2"))
    implementation("io.github.visitorcounter:visitor-counter-lib:0.1.0-SNAPSHOT")

    testImplementation(platform("org.junit:junit-bom:6.1.3"))
    // AWS in memory, for unit tests.
    testImplementation("io.github.visitorcounter:visitor-counter-testing:0.1.0-SNAPSHOT")
    // Runs the handlers as AWS would, in the test's own JVM. It brings Amazon's DynamoDB Local, which is for tests only.
    testImplementation("io.github.visitorcounter:embedded-websocket-stack:0.1.0-SNAPSHOT")
    testImplementation("org.junit.jupiter:junit-jupiter")
    testImplementation("org.assertj:assertj-core:3.27.7")
    testRuntimeOnly("org.junit.platform:junit-platform-launcher")
    testRuntimeOnly("org.slf4j:slf4j-simple:2.0.17")
}

java {
    toolchain {
        languageVersion = JavaLanguageVersion.of(17)
    }
}

tasks.test {
    useJUnitPlatform()
    include("**/*Test.class", "**/*IT.class")
    jvmArgs("--enable-native-access=ALL-UNNAMED")
    // DynamoDB Local reports its use to Amazon unless told not to.
    environment("DDB_LOCAL_TELEMETRY", "0")
}

/** One platform of the CRT, not the 19 MB of all: linux-x86_64 for x86_64 functions. */
val crt by configurations.creating {
    isTransitive = false
}

dependencies {
    crt("software.amazon.awssdk.crt:aws-crt:0.40.1:linux-aarch_64")
}

/** What is deployed: Lambda puts the jars of its folder lib on the class path. */
tasks.register<Zip>("lambdaPackage") {
    into("lib") {
        from(tasks.jar)
        from(configurations.runtimeClasspath.get().filter { !it.name.startsWith("aws-crt-0") })
        from(crt)
    }
}

// The only module that knows the generated code. `scripts/bindings.sh kotlin` writes it, and the native libraries beside it.
plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
}

val target = rootDir.resolve("../target")

android {
    namespace = "fieldline.engine"
    sourceSets["main"].kotlin.srcDir(target.resolve("bindings/kotlin"))
    sourceSets["main"].jniLibs.srcDir(target.resolve("android/jniLibs"))
    defaultConfig { consumerProguardFiles("keep.pro") }
}

dependencies {
    api(libs.coroutines.core)
    implementation("net.java.dev.jna:jna:${libs.versions.jna.get()}@aar")
}

// A clear word instead of a hundred unresolved names.
tasks.named("preBuild") {
    doFirst {
        check(target.resolve("bindings/kotlin").isDirectory) { "First run scripts/bindings.sh kotlin in the root of the tree" }
    }
}

plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.kotlin.android)
    alias(libs.plugins.kotlin.compose)
}

android {
    namespace = "fieldline.app"
    defaultConfig {
        applicationId = "app.fieldline.phone"
        versionCode = 1
        versionName = "0.1.0"
        // Whether the core in jniLibs was built with encryption: with a key a plain one refuses, without one nothing is sealed.
        buildConfigField("boolean", "ENCRYPTED", (findProperty("fieldline.encrypted") ?: "true").toString())
    }
    buildFeatures {
        compose = true
        buildConfig = true
    }
    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"))
        }
    }
    androidResources { generateLocaleConfig = false }
    packaging { jniLibs.useLegacyPackaging = false }
}

dependencies {
    implementation(project(":shell"))
    implementation(libs.coroutines.android)
    implementation(libs.activity.compose)
    implementation(libs.core)
    implementation(libs.lifecycle.runtime)
    implementation(libs.work)
    implementation(libs.camera.core)
    implementation(libs.camera.lifecycle)
    implementation(libs.camera.view)
    implementation(libs.barcode)
    implementation(libs.zxing)
}

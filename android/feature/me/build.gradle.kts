plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
    alias(libs.plugins.kotlin.compose)
}

android {
    namespace = "fieldline.me"
    buildFeatures { compose = true }
}

dependencies {
    implementation(project(":designsystem"))
}

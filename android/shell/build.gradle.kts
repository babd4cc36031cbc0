plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
    alias(libs.plugins.kotlin.compose)
}

android {
    namespace = "fieldline.shell"
    buildFeatures { compose = true }
}

dependencies {
    api(project(":designsystem"))
    api(project(":feature:me"))
    api(project(":feature:ticket"))
    implementation(project(":feature:today"))
    implementation(project(":feature:parts"))
    implementation(project(":feature:manuals"))
}

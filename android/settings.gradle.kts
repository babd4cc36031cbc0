pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}
dependencyResolutionManagement {
    repositoriesMode.set(RepositoriesMode.FAIL_ON_PROJECT_REPOS)
    repositories {
        google()
        mavenCentral()
    }
}
rootProject.name = "fieldline"
include(":app", ":shell", ":engine", ":designsystem")
include(":feature:today", ":feature:ticket", ":feature:parts", ":feature:manuals", ":feature:me")

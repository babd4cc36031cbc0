package fieldline.app

import android.content.Context
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.io.File
import java.security.KeyStore
import java.security.SecureRandom
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * The store's 32 bytes. They lie beside the store, sealed by a key that never leaves the phone's keystore and is in no backup.
 *
 * Where the seal cannot be broken any more, nothing is made in its place: the core is given no key, knows that its store has one,
 * and says what a person can do.
 */
class StoreKey(context: Context) {
    private val sealed = File(context.noBackupFilesDir, "store.key")

    fun bytes(): ByteArray? = if (sealed.exists()) runCatching { unseal(sealed.readBytes()) }.getOrNull() else make()

    private fun make(): ByteArray {
        val bytes = ByteArray(KEY_BYTES).also(SecureRandom()::nextBytes)
        val cipher = Cipher.getInstance(CIPHER).apply { init(Cipher.ENCRYPT_MODE, wrapping() ?: makeWrapping()) }
        val aside = File(sealed.parentFile, "store.key.new")
        aside.outputStream().use { out ->
            out.write(cipher.iv + cipher.doFinal(bytes))
            out.fd.sync()
        }
        check(aside.renameTo(sealed)) { "the sealed key could not be put in its place" }
        return bytes
    }

    private fun unseal(file: ByteArray): ByteArray {
        val key = checkNotNull(wrapping()) { "the keystore has lost its key" }
        val spec = GCMParameterSpec(TAG_BITS, file, 0, IV_BYTES)
        return Cipher.getInstance(CIPHER).apply { init(Cipher.DECRYPT_MODE, key, spec) }.doFinal(file, IV_BYTES, file.size - IV_BYTES)
    }

    private fun wrapping(): SecretKey? = KeyStore.getInstance(STORE).apply { load(null) }.getKey(ALIAS, null) as SecretKey?

    private fun makeWrapping(): SecretKey {
        val spec = KeyGenParameterSpec.Builder(ALIAS, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(KEY_BYTES * 8)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE).apply { init(spec) }.generateKey()
    }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val ALIAS = "fieldline-store"
        const val CIPHER = "AES/GCM/NoPadding"
        const val KEY_BYTES = 32
        const val IV_BYTES = 12
        const val TAG_BITS = 128
    }
}

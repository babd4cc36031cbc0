package fieldline.app

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import fieldline.design.Word
import fieldline.design.of

/** What Android shows outside the app. */
object Notices {
    private const val POSITION = "position"

    fun makeChannels(context: Context) {
        val name = Word.ChannelPosition.of(Languages(context).now())
        val channel = NotificationChannel(POSITION, name, NotificationManager.IMPORTANCE_LOW)
        context.getSystemService(NotificationManager::class.java).createNotificationChannel(channel)
    }

    /** Stands as long as positions are taken: nobody is followed without seeing it. */
    fun position(context: Context): Notification {
        val lang = Languages(context).now()
        val open = PendingIntent.getActivity(context, 0, Intent(context, MainActivity::class.java), PendingIntent.FLAG_IMMUTABLE)
        return Notification.Builder(context, POSITION)
            .setSmallIcon(R.drawable.ic_front)
            .setContentTitle(Word.PositionNotice.of(lang))
            .setContentText(Word.PositionNoticeHint.of(lang))
            .setContentIntent(open)
            .setOngoing(true)
            .build()
    }
}

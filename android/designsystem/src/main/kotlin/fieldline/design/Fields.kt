package fieldline.design

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.input.KeyboardType

/** A field under its name. [lines] is how many it shows; it grows with what is written. */
@Composable
fun TextBox(
    name: String,
    text: String,
    modifier: Modifier = Modifier,
    lines: Int = 1,
    hint: String = "",
    number: Boolean = false,
    enabled: Boolean = true,
    trailing: (@Composable () -> Unit)? = null,
    onChange: (String) -> Unit,
) {
    Column(modifier.fillMaxWidth()) {
        if (name.isNotEmpty()) Text(name, Modifier.padding(bottom = Space.xs), style = Fieldline.type.strong)
        OutlinedTextField(
            text,
            onChange,
            Modifier.fillMaxWidth().defaultMinSize(minHeight = Space.primary),
            enabled = enabled,
            textStyle = Fieldline.type.body,
            placeholder = { Text(hint, style = Fieldline.type.body, color = Fieldline.colours.quiet) },
            minLines = lines,
            singleLine = lines == 1,
            trailingIcon = trailing,
            keyboardOptions = KeyboardOptions(keyboardType = if (number) KeyboardType.Decimal else KeyboardType.Text),
        )
    }
}

/** On or off, the whole line takes the tap. */
@Composable
fun SwitchRow(title: String, hint: String, on: Boolean, onChange: (Boolean) -> Unit) {
    Row(
        Modifier.fillMaxWidth().toggleable(on, role = Role.Switch, onValueChange = onChange).heightIn(min = Space.primary)
            .padding(vertical = Space.s),
        Arrangement.spacedBy(Space.m),
        Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f)) {
            Text(title, style = Fieldline.type.body)
            Hint(hint)
        }
        Switch(on, onCheckedChange = null)
    }
}

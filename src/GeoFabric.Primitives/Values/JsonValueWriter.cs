using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Primitives.Values;

/// <summary>Writes values as compact JSON in UTF-8. Numbers take their shortest round-trip form, as in JavaScript.</summary>
public static class JsonValueWriter
{
    // Everything JSON text must escape: control characters, quote and backslash.
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    public static void Write(ByteBuffer destination, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                destination.Write("null"u8);
                break;
            case ValueKind.Boolean:
                destination.Write(value.IsTruthy ? "true"u8 : "false"u8);
                break;
            case ValueKind.Number:
                WriteNumber(destination, value);
                break;
            case ValueKind.String:
                WriteString(destination, value.Utf8);
                break;
            case ValueKind.Array when value.IsList:
                WriteList(destination, value.List);
                break;
            case ValueKind.Object when value.IsDocument:
                WriteDocument(destination, value);
                break;
            default:
                WriteEncoded(destination, ref MemoryMarshal.GetReference(value.Window));
                break;
        }
    }

    public static string ToJsonString(Value value)
    {
        using var buffer = new PooledBuffer(256);
        Write(buffer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a JSON string, quotes included.</summary>
    public static void WriteString(ByteBuffer destination, ReadOnlySpan<byte> utf8)
    {
        var first = utf8.IndexOfAny(Escaped);
        if (first < 0)
        {
            var span = destination.GetSpan(utf8.Length + 2);
            span[utf8.Length + 1] = (byte)'"';
            span[0] = (byte)'"';
            utf8.CopyTo(span[1..]);
            destination.Advance(utf8.Length + 2);
            return;
        }
        destination.Write((byte)'"');
        for (; first >= 0; first = utf8.IndexOfAny(Escaped))
        {
            destination.Write(utf8[..first]);
            WriteEscape(destination, utf8[first]);
            utf8 = utf8[(first + 1)..];
        }
        destination.Write(utf8);
        destination.Write((byte)'"');
    }

    /// <summary>A number as JavaScript prints it; <paramref name="destination"/> needs 32 bytes.</summary>
    public static int FormatNumber(Value number, Span<byte> destination)
    {
        int written;
        if (number.IsInteger)
        {
            Utf8Formatter.TryFormat(number.Integer, destination, out written);
            return written;
        }
        var value = number.Number;
        if (value == Math.Floor(value) && Math.Abs(value) < 1e15)
        {
            Utf8Formatter.TryFormat((long)value, destination, out written);
            return written;
        }
        value.TryFormat(destination, out written, "R", CultureInfo.InvariantCulture);
        return ToJavaScriptForm(destination, written, value);
    }

    private static void WriteNumber(ByteBuffer destination, Value value)
    {
        var span = destination.GetSpan(48);
        destination.Advance(FormatNumber(value, span));
    }

    /// <summary>
    /// .NET's shortest digits with JavaScript's rules for the exponent: plain from 1e-6 up to 1e21, else <c>1e+21</c>, <c>2e-7</c>.
    /// </summary>
    private static int ToJavaScriptForm(Span<byte> text, int length, double value)
    {
        var exponentAt = text[..length].IndexOf((byte)'E');
        var magnitude = Math.Abs(value);
        if (exponentAt < 0 && magnitude is >= 1e-6 and < 1e21)
            return length;
        Span<byte> digits = stackalloc byte[32];
        var digitCount = 0;
        var pointAt = -1;
        var end = exponentAt < 0 ? length : exponentAt;
        var start = value < 0 ? 1 : 0;
        for (var i = start; i < end; i++)
        {
            if (text[i] == '.')
                pointAt = digitCount;
            else
                digits[digitCount++] = text[i];
        }
        if (pointAt < 0)
            pointAt = digitCount;
        var exponent = 0;
        if (exponentAt >= 0)
            exponent = int.Parse(text[(exponentAt + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var leading = 0;
        while (leading < digitCount - 1 && digits[leading] == '0')
            leading++;
        // Position of the decimal point counted from the first significant digit.
        var point = pointAt + exponent - leading;
        var significant = digits[leading..digitCount].TrimEnd((byte)'0');
        if (significant.IsEmpty)
            significant = digits.Slice(leading, 1);
        return Compose(text, start, significant, point);
    }

    private static int Compose(Span<byte> text, int start, ReadOnlySpan<byte> digits, int point)
    {
        var at = start;
        if (point is > 0 and <= 21)
        {
            for (var i = 0; i < Math.Max(point, digits.Length); i++)
            {
                if (i == point)
                    text[at++] = (byte)'.';
                text[at++] = i < digits.Length ? digits[i] : (byte)'0';
            }
            return at;
        }
        if (point is <= 0 and > -6)
        {
            text[at++] = (byte)'0';
            text[at++] = (byte)'.';
            for (var i = point; i < 0; i++)
                text[at++] = (byte)'0';
            digits.CopyTo(text[at..]);
            return at + digits.Length;
        }
        text[at++] = digits[0];
        if (digits.Length > 1)
        {
            text[at++] = (byte)'.';
            digits[1..].CopyTo(text[at..]);
            at += digits.Length - 1;
        }
        text[at++] = (byte)'e';
        text[at++] = point > 0 ? (byte)'+' : (byte)'-';
        Utf8Formatter.TryFormat(Math.Abs(point - 1), text[at..], out var written);
        return at + written;
    }

    private static void WriteEscape(ByteBuffer destination, byte character)
    {
        switch (character)
        {
            case (byte)'"': destination.Write("\\\""u8); break;
            case (byte)'\\': destination.Write("\\\\"u8); break;
            case (byte)'\b': destination.Write("\\b"u8); break;
            case (byte)'\f': destination.Write("\\f"u8); break;
            case (byte)'\n': destination.Write("\\n"u8); break;
            case (byte)'\r': destination.Write("\\r"u8); break;
            case (byte)'\t': destination.Write("\\t"u8); break;
            default:
                var span = destination.GetSpan(6);
                "\\u00"u8.CopyTo(span);
                span[4] = "0123456789abcdef"u8[character >> 4];
                span[5] = "0123456789abcdef"u8[character & 15];
                destination.Advance(6);
                break;
        }
    }

    private static void WriteList(ByteBuffer destination, ReadOnlySpan<Value> items)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        WatchedWork.Count(1 + items.Length);
        destination.Write((byte)'[');
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                destination.Write((byte)',');
            Write(destination, items[i]);
        }
        destination.Write((byte)']');
    }

    /// <summary>A stored document: its attributes behind <c>_id</c>, <c>_key</c> and <c>_rev</c>.</summary>
    private static void WriteDocument(ByteBuffer destination, Value document)
    {
        ref var first = ref MemoryMarshal.GetReference(document.ObjectWindow);
        var entry = ContainerLayout.ContentOffset(ref first, out var count);
        destination.Write("{\"_id\":"u8);
        WriteIdentifier(destination, document.Source.IdPrefix, KeyOf(ref Unsafe.Add(ref first, entry)));
        destination.Write((byte)',');
        entry = WriteEntries(destination, ref first, entry, 1);
        destination.Write(",\"_rev\":\""u8);
        destination.Advance(DocumentHeader.ReadStamp(document.Record).Format(destination.GetSpan(RevisionStamp.TextLengthMax)));
        destination.Write((byte)'"');
        if (count > 1)
        {
            destination.Write((byte)',');
            WriteEntries(destination, ref first, entry, count - 1);
        }
        destination.Write((byte)'}');
    }

    /// <summary>Neither part of an identifier has anything to escape.</summary>
    private static void WriteIdentifier(ByteBuffer destination, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> key)
    {
        destination.Write((byte)'"');
        destination.Write(prefix);
        destination.Write(key);
        destination.Write((byte)'"');
    }

    /// <summary>Every stored object starts with its <c>_key</c>.</summary>
    private static ReadOnlySpan<byte> KeyOf(ref byte entry)
    {
        ContainerLayout.Name(ref entry, out var valueOffset);
        return ContainerLayout.Text(ref Unsafe.Add(ref entry, valueOffset));
    }

    /// <summary>Writes an encoded value from its bytes, front to back: items and entries stand in the order they are shown in.</summary>
    private static void WriteEncoded(ByteBuffer destination, ref byte first)
    {
        switch (first)
        {
            case >= ValueTag.ShortString or ValueTag.String8 or ValueTag.String32:
                WriteString(destination, ContainerLayout.Text(ref first));
                break;
            case ValueTag.Array1 or ValueTag.Array2 or ValueTag.Array4:
                WriteArray(destination, ref first);
                break;
            case ValueTag.Object1 or ValueTag.Object2 or ValueTag.Object4:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                destination.Write((byte)'{');
                WriteEntries(destination, ref first, ContainerLayout.ContentOffset(ref first, out var count), count);
                destination.Write((byte)'}');
                break;
            default:
                // Null, a boolean or a number: held in the value itself, which therefore does not point anywhere.
                Write(destination, Value.Decode(ref first, null, 0));
                break;
        }
    }

    private static void WriteArray(ByteBuffer destination, ref byte first)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var offset = ContainerLayout.ContentOffset(ref first, out var count);
        destination.Write((byte)'[');
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
                destination.Write((byte)',');
            ref var item = ref Unsafe.Add(ref first, offset);
            WriteEncoded(destination, ref item);
            offset += ContainerLayout.SizeOf(ref item);
        }
        destination.Write((byte)']');
    }

    /// <returns>Where the entry behind the last one begins.</returns>
    private static int WriteEntries(ByteBuffer destination, ref byte first, int offset, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
                destination.Write((byte)',');
            ref var entry = ref Unsafe.Add(ref first, offset);
            WriteString(destination, ContainerLayout.Name(ref entry, out var valueOffset));
            destination.Write((byte)':');
            ref var value = ref Unsafe.Add(ref entry, valueOffset);
            WriteEncoded(destination, ref value);
            offset += valueOffset + ContainerLayout.SizeOf(ref value);
        }
        return offset;
    }
}

using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions that build, cut and change strings.</summary>
public static class StringFunctions
{
    private const long RepeatedBytesMax = 16 * 1024 * 1024;

    public static readonly FunctionDefinition[] Table =
    [
        new("CHAR_LENGTH", 1, 1, FunctionPurity.Pure, "Number of characters (code points) of the value as text.", "CHAR_LENGTH(\"naïve 🦊\")", "7", CharLength),
        new("CONCAT", 1, FunctionDefinition.Unlimited, FunctionPurity.Pure, "Joins the values as text and skips nulls; a lone array stands for its items.", "CONCAT(\"a\", null, 1, [true])", "\"a1[true]\"", Concat),
        new("CONCAT_SEPARATOR", 2, FunctionDefinition.Unlimited, FunctionPurity.Pure, "Joins the values as text with a separator between them and skips nulls.", "CONCAT_SEPARATOR(\", \", \"a\", null, \"b\")", "\"a, b\"", ConcatSeparator),
        new("LEFT", 2, 2, FunctionPurity.Pure, "The first characters of a text, at most the given number.", "LEFT(\"foxglove\", 3)", "\"fox\"", Left),
        new("RIGHT", 2, 2, FunctionPurity.Pure, "The last characters of a text, at most the given number.", "RIGHT(\"foxglove\", 5)", "\"glove\"", Right),
        new("SUBSTRING", 2, 3, FunctionPurity.Pure, "The part of a text from an offset on, which counts from the end when negative.", "SUBSTRING(\"foxglove\", -5, 4)", "\"glov\"", Substring),
        new("SUBSTRING_BYTES", 2, 5, FunctionPurity.Pure, "The part of a text between byte positions, widened by whole characters on either side.", "SUBSTRING_BYTES(\"a fox ran\", 2, 3, 2)", "\"a fox r\"", SubstringBytes),
        new("LOWER", 1, 1, FunctionPurity.Pure, "The text in lower case.", "LOWER(\"ÄBC\")", "\"äbc\"", Lower),
        new("UPPER", 1, 1, FunctionPurity.Pure, "The text in upper case.", "UPPER(\"straße\")", "\"STRASSE\"", Upper),
        new("TRIM", 1, 2, FunctionPurity.Pure, "The text without blanks, or without given characters, at both ends or at one of them.", "TRIM(\"--fox--\", \"-\")", "\"fox\"", Trim),
        new("LTRIM", 1, 2, FunctionPurity.Pure, "The text without leading blanks or leading given characters.", "LTRIM(\"  fox \")", "\"fox \"", TrimLeft),
        new("RTRIM", 1, 2, FunctionPurity.Pure, "The text without trailing blanks or trailing given characters.", "RTRIM(\"  fox \")", "\"  fox\"", TrimRight),
        new("REPEAT", 2, 3, FunctionPurity.Pure, "The text a number of times, with an optional separator between the copies.", "REPEAT(\"ab\", 3, \"-\")", "\"ab-ab-ab\"", Repeat),
    ];

    private static ReadOnlySpan<byte> Blanks => "\r\n \t"u8;

    private static Value CharLength(in FunctionCall call) => Value.FromInteger(CodePoints.Count(Casts.ToText(call[0]).Utf8));

    private static Value Concat(in FunctionCall call)
    {
        var text = new TextBuffer(call.Context, 64);
        if (call.Count == 1 && call[0].IsArray)
        {
            foreach (var item in call[0].Items)
                text.AppendText(item);
        }
        else
        {
            foreach (var argument in call.Arguments)
                text.AppendText(argument);
        }
        return text.ToValue();
    }

    private static Value ConcatSeparator(in FunctionCall call)
    {
        var text = new TextBuffer(call.Context, 64);
        var separator = Casts.ToText(call[0]).Utf8;
        var isFirst = true;
        if (call.Count == 2 && call[1].IsArray)
        {
            foreach (var item in call[1].Items)
                AppendSeparated(text, separator, item, ref isFirst);
        }
        else
        {
            foreach (var argument in call.Arguments[1..])
                AppendSeparated(text, separator, argument, ref isFirst);
        }
        return text.ToValue();
    }

    private static void AppendSeparated(TextBuffer text, ReadOnlySpan<byte> separator, Value item, ref bool isFirst)
    {
        if (item.IsNull)
            return;
        if (!isFirst)
            text.Append(separator);
        isFirst = false;
        text.AppendText(item);
    }

    private static Value Left(in FunctionCall call)
    {
        var text = Casts.ToText(call[0]);
        return Cut(call, text, 0, CodePoints.OffsetOf(text.Utf8, Casts.ToInteger(call[1])));
    }

    private static Value Right(in FunctionCall call)
    {
        var text = Casts.ToText(call[0]);
        return Cut(call, text, CodePoints.OffsetFromEnd(text.Utf8, Casts.ToInteger(call[1])), text.Utf8.Length);
    }

    private static Value Substring(in FunctionCall call)
    {
        var text = Casts.ToText(call[0]);
        var utf8 = text.Utf8;
        var offset = Casts.ToInteger(call[1]);
        var start = offset >= 0
            ? CodePoints.OffsetOf(utf8, offset)
            : CodePoints.OffsetFromEnd(utf8, offset == long.MinValue ? long.MaxValue : -offset);
        var end = call.Count < 3 ? utf8.Length : start + CodePoints.OffsetOf(utf8[start..], Casts.ToInteger(call[2]));
        return Cut(call, text, start, end);
    }

    private static Value SubstringBytes(in FunctionCall call)
    {
        var text = Casts.ToText(call[0]);
        var utf8 = text.Utf8;
        var offset = Casts.ToInteger(call[1]);
        var start = (int)(offset < 0 ? Math.Max(0, utf8.Length + Math.Max(offset, -int.MaxValue)) : Math.Min(offset, utf8.Length));
        var length = call.Count < 3 ? int.MaxValue : Casts.ToInteger(call[2]);
        if (length <= 0 || start == utf8.Length)
            return Value.EmptyString;
        var end = (int)Math.Min(utf8.Length, start + Math.Min(length, int.MaxValue));
        if (CodePoints.IsContinuation(utf8[start]) || (end < utf8.Length && CodePoints.IsContinuation(utf8[end])))
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, "offset or length cuts a character in two");
        var left = call.Count < 4 ? 0 : Casts.ToInteger(call[3]);
        var right = call.Count < 5 ? left : Casts.ToInteger(call[4]);
        start = CodePoints.OffsetFromEnd(utf8[..start], left);
        end += CodePoints.OffsetOf(utf8[end..], right);
        return Cut(call, text, start, end);
    }

    /// <summary>The bytes between two offsets as a string of its own; the text itself when that is all of it.</summary>
    internal static Value Cut(in FunctionCall call, Value text, int start, int end)
    {
        var utf8 = text.Utf8;
        if (start >= end)
            return Value.EmptyString;
        if (end - start == utf8.Length)
            return text;
        call.Context.ReserveMemory(end - start);
        return Value.FromUtf8(utf8[start..end]);
    }

    private static Value Lower(in FunctionCall call) => LetterCase.ToLower(Casts.ToText(call[0]), call.Context);

    private static Value Upper(in FunctionCall call) => LetterCase.ToUpper(Casts.ToText(call[0]), call.Context);

    private static Value Trim(in FunctionCall call)
    {
        if (call[1].IsString)
            return TrimEnds(call, call[1].Utf8, true, true);
        var side = Casts.ToInteger(call[1]);
        return TrimEnds(call, Blanks, side != 2, side != 1);
    }

    private static Value TrimLeft(in FunctionCall call) =>
        call.Count < 2 ? TrimEnds(call, Blanks, true, false) : TrimEnds(call, Casts.ToText(call[1]).Utf8, true, false);

    private static Value TrimRight(in FunctionCall call) =>
        call.Count < 2 ? TrimEnds(call, Blanks, false, true) : TrimEnds(call, Casts.ToText(call[1]).Utf8, false, true);

    private static Value TrimEnds(in FunctionCall call, ReadOnlySpan<byte> characters, bool left, bool right)
    {
        var text = Casts.ToText(call[0]);
        var utf8 = text.Utf8;
        var start = 0;
        var end = utf8.Length;
        while (left && start < end)
        {
            var length = CodePoints.LengthAt(utf8[start]);
            if (characters.IndexOf(utf8.Slice(start, length)) < 0)
                break;
            start += length;
        }
        while (right && end > start)
        {
            var previous = CodePoints.OffsetFromEnd(utf8[..end], 1);
            if (characters.IndexOf(utf8[previous..end]) < 0)
                break;
            end = previous;
        }
        return Cut(call, text, start, end);
    }

    private static Value Repeat(in FunctionCall call)
    {
        var utf8 = Casts.ToText(call[0]).Utf8;
        var count = Casts.ToInteger(call[1]);
        var separator = Casts.ToText(call[2]).Utf8;
        if (count < 0)
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, $"{count} is no number of copies, it must be 0 or more");
        var bytes = count == 0 ? 0 : ((Int128)utf8.Length * count) + ((Int128)separator.Length * (count - 1));
        if (bytes > RepeatedBytesMax)
            return call.Warn(ErrorCodes.ResourceLimit, $"the result would exceed {RepeatedBytesMax} bytes");
        if (bytes == 0)
            return Value.EmptyString;
        var text = new TextBuffer(call.Context, (int)bytes);
        for (long i = 0; i < count; i++)
        {
            if (i > 0)
                text.Append(separator);
            text.Append(utf8);
        }
        return text.ToValue();
    }
}

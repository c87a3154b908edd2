using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Primitives.Values;

/// <summary>
/// Parses JSON in UTF-8 straight into the binary form. Strict: one value, no byte order mark, valid UTF-8, no lone surrogates, no name twice in one
/// object, finite numbers, at most <see cref="DepthMax"/> levels.
/// </summary>
public static class JsonValueReader
{
    public const int DepthMax = 200;

    /// <summary>Longest number text; longer ones only cost time.</summary>
    public const int NumberLengthMax = 400;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = DepthMax, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Parses exactly one value.</summary>
    /// <exception cref="GeoFabricException">600, naming position and reason.</exception>
    public static Value Parse(ReadOnlySpan<byte> utf8)
    {
        using var builder = new ValueBuilder(Math.Max(utf8.Length, 64));
        Read(utf8, builder);
        return builder.Build();
    }

    /// <summary>Parses exactly one value into a builder.</summary>
    public static void Read(ReadOnlySpan<byte> utf8, ValueBuilder builder)
    {
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
            throw ErrorCodes.CorruptedJson.With("the text is not valid UTF-8");
        var reader = new Utf8JsonReader(utf8, Options);
        try
        {
            if (!reader.Read())
                throw ErrorCodes.CorruptedJson.With("the text is empty; expected a JSON value");
            do
                WriteToken(ref reader, builder);
            while (reader.Read());
        }
        catch (JsonException error)
        {
            throw ErrorCodes.CorruptedJson.With($"{Reason(error)} (line {(error.LineNumber ?? 0) + 1}, byte {(error.BytePositionInLine ?? 0) + 1})");
        }
        catch (InvalidOperationException)
        {
            throw ErrorCodes.CorruptedJson.With($"a string near byte {reader.TokenStartIndex} has a lone surrogate");
        }
    }

    private static void WriteToken(ref Utf8JsonReader reader, ValueBuilder builder)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                builder.BeginObject();
                break;
            case JsonTokenType.EndObject:
                builder.EndObject();
                if (builder.HadDuplicateNames)
                    throw ErrorCodes.CorruptedJson.With($"an object that ends at byte {reader.TokenStartIndex} has a name twice");
                break;
            case JsonTokenType.StartArray:
                builder.BeginArray();
                break;
            case JsonTokenType.EndArray:
                builder.EndArray();
                break;
            case JsonTokenType.PropertyName:
                if (reader.ValueIsEscaped)
                    WithUnescaped(ref reader, builder, isName: true);
                else
                    builder.WriteName(reader.ValueSpan);
                break;
            case JsonTokenType.String:
                if (reader.ValueIsEscaped)
                    WithUnescaped(ref reader, builder, isName: false);
                else
                    builder.WriteString(reader.ValueSpan);
                break;
            case JsonTokenType.Number:
                WriteNumber(reader.ValueSpan, builder);
                break;
            case JsonTokenType.True:
                builder.WriteBoolean(true);
                break;
            case JsonTokenType.False:
                builder.WriteBoolean(false);
                break;
            default:
                builder.WriteNull();
                break;
        }
    }

    private static void WithUnescaped(ref Utf8JsonReader reader, ValueBuilder builder, bool isName)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            var length = reader.CopyString(buffer);
            if (isName)
                builder.WriteName(buffer.AsSpan(0, length));
            else
                builder.WriteString(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void WriteNumber(ReadOnlySpan<byte> text, ValueBuilder builder)
    {
        if (text.Length > NumberLengthMax)
            throw ErrorCodes.CorruptedJson.With($"a number of {text.Length} characters; at most {NumberLengthMax} are read");
        if (Utf8Parser.TryParse(text, out long integer, out var used) && used == text.Length)
        {
            builder.WriteInteger(integer);
            return;
        }
        if (!Utf8Parser.TryParse(text, out double number, out used) || used != text.Length || !double.IsFinite(number))
            throw ErrorCodes.CorruptedJson.With($"the number {Encoding.UTF8.GetString(text)} is out of range");
        builder.WriteDouble(number);
    }

    /// <summary>The reader's message without its position, which is given in our own words.</summary>
    private static string Reason(JsonException error)
    {
        var end = error.Message.IndexOf(" LineNumber", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }
}

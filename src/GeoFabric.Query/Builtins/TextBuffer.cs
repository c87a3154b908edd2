using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Collects the UTF-8 of a string result; counts its memory against the query as it grows.</summary>
internal sealed class TextBuffer : ByteBuffer
{
    /// <summary>Bytes of one string at most: beyond it a result is an error, not an exhausted machine.</summary>
    public const int LengthMax = 1 << 28;

    private readonly EvaluationContext _context;

    /// <param name="context">The running query.</param>
    /// <param name="capacity">Expected bytes; the buffer grows beyond it.</param>
    public TextBuffer(EvaluationContext context, int capacity)
    {
        _context = context;
        GetSpan(Math.Max(capacity, 16));
    }

    public int Length => WrittenCount;

    public void Append(ReadOnlySpan<byte> utf8) => Write(utf8);

    public void Append(byte value) => Write(value);

    public void Append(Rune character) => Advance(character.EncodeToUtf8(GetSpan(4)));

    public void Append(string text)
    {
        var target = GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        Advance(Encoding.UTF8.GetBytes(text, target));
    }

    /// <summary>A number with leading zeros up to <paramref name="digits"/>.</summary>
    public void Append(long number, int digits)
    {
        number.TryFormat(GetSpan(24), out var written, "D" + digits, System.Globalization.CultureInfo.InvariantCulture);
        Advance(written);
    }

    /// <summary>The value cast to a string.</summary>
    public void AppendText(Value value) => Append(Casts.ToText(value).Utf8);

    /// <summary>The string; nothing may be appended afterwards.</summary>
    public Value ToValue() => WrittenCount == 0 ? Value.EmptyString : Value.FromUtf8(WrittenArray, 0, WrittenCount);

    protected override byte[] Allocate(long least, long twice)
    {
        if (least > LengthMax)
            throw ErrorCodes.ResourceLimit.With($"a string of {least} bytes exceeds the limit of {LengthMax} bytes");
        var capacity = Math.Max(least, Math.Min(twice, LengthMax));
        _context.ReserveMemory(capacity - Capacity);
        return new byte[capacity];
    }

    protected override void Release(byte[] bytes)
    {
    }
}

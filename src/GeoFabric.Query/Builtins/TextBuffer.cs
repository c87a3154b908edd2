using System.Buffers;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Collects the UTF-8 of a string result; counts its memory against the query as it grows.</summary>
internal sealed class TextBuffer : IBufferWriter<byte>
{
    /// <summary>Bytes of one string at most: beyond it a result is an error, not an exhausted machine.</summary>
    public const int LengthMax = 1 << 28;

    private readonly EvaluationContext _context;
    private byte[] _bytes;
    private int _length;

    /// <param name="context">The running query.</param>
    /// <param name="capacity">Expected bytes; the buffer grows beyond it.</param>
    public TextBuffer(EvaluationContext context, int capacity)
    {
        _context = context;
        _bytes = [];
        Grow(Math.Max(capacity, 16));
    }

    public int Length => _length;

    public void Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(GetSpan(utf8.Length));
        _length += utf8.Length;
    }

    public void Append(byte value)
    {
        GetSpan(1)[0] = value;
        _length++;
    }

    public void Append(Rune character) => _length += character.EncodeToUtf8(GetSpan(4));

    public void Append(string text)
    {
        var target = GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _length += Encoding.UTF8.GetBytes(text, target);
    }

    /// <summary>A number with leading zeros up to <paramref name="digits"/>.</summary>
    public void Append(long number, int digits)
    {
        number.TryFormat(GetSpan(24), out var written, "D" + digits, System.Globalization.CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>The value cast to a string.</summary>
    public void AppendText(Value value) => Append(Casts.ToText(value).Utf8);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        var needed = _length + (long)Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
            Grow(Math.Max(needed, Math.Min(2L * _bytes.Length, LengthMax)));
        return _bytes.AsSpan(_length);
    }

    public Value ToValue() => _length == 0 ? Value.EmptyString : Value.FromUtf8(_bytes, 0, _length);

    private void Grow(long capacity)
    {
        if (capacity > LengthMax)
            throw ErrorCodes.ResourceLimit.With($"a string of {capacity} bytes exceeds the limit of {LengthMax} bytes");
        _context.ReserveMemory(capacity - _bytes.Length);
        Array.Resize(ref _bytes, (int)capacity);
    }
}

using System.Globalization;
using System.Text;

namespace GeoFabric.Database.Analysis;

/// <summary>
/// The words of a text, after the word boundaries of Unicode (UAX 29): runs of letters, digits, marks and underscores, with an apostrophe or dot
/// between letters and a dot or comma between digits. Scripts written without blanks, such as Chinese, give a word for each character.
/// </summary>
internal ref struct WordSegments(ReadOnlySpan<byte> utf8)
{
    private readonly ReadOnlySpan<byte> _text = utf8;
    private int _next;

    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Where <see cref="Current"/> begins.</summary>
    public readonly int Start => _next - Current.Length;

    public bool MoveNext()
    {
        var kind = Kind.Other;
        var size = 0;
        while (_next < _text.Length && (kind = KindAt(_next, out size)) is Kind.Other or Kind.Mark)
            _next += size;
        if (_next >= _text.Length)
            return false;
        var start = _next;
        _next += size;
        if (kind == Kind.Single)
        {
            while (_next < _text.Length && KindAt(_next, out size) == Kind.Mark)
                _next += size;
        }
        else
        {
            Extend(kind);
        }
        Current = _text[start.._next];
        return true;
    }

    private void Extend(Kind last)
    {
        while (_next < _text.Length)
        {
            var kind = KindAt(_next, out var size);
            if (kind == Kind.Mark)
            {
                _next += size;
                continue;
            }
            if (kind is Kind.Letter or Kind.Digit or Kind.Connector)
            {
                last = kind;
                _next += size;
                continue;
            }
            // What stands between two letters or two digits joins them.
            var joint = _text[_next];
            var joins = last switch
            {
                Kind.Letter => joint is (byte)'\'' or (byte)'.' || IsTypographicJoint(_text[_next..], size),
                Kind.Digit => joint is (byte)'\'' or (byte)'.' or (byte)',',
                _ => false,
            };
            if (!joins || _next + size >= _text.Length || KindAt(_next + size, out var after) != last)
                return;
            _next += size + after;
        }
    }

    /// <summary>The right single quotation mark and the middle dot.</summary>
    private static bool IsTypographicJoint(ReadOnlySpan<byte> rest, int size) =>
        (size == 3 && rest.StartsWith("’"u8)) || (size == 2 && rest.StartsWith("·"u8));

    private readonly Kind KindAt(int at, out int size)
    {
        var first = _text[at];
        if (first < 0x80)
        {
            size = 1;
            return first switch
            {
                >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' => Kind.Letter,
                >= (byte)'0' and <= (byte)'9' => Kind.Digit,
                (byte)'_' => Kind.Connector,
                _ => Kind.Other,
            };
        }
        Rune.DecodeFromUtf8(_text[at..], out var character, out size);
        return Rune.GetUnicodeCategory(character) switch
        {
            UnicodeCategory.OtherLetter => IsWrittenWithoutBlanks(character.Value) ? Kind.Single : Kind.Letter,
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.LetterNumber => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber => Kind.Digit,
            UnicodeCategory.ConnectorPunctuation => Kind.Connector,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => Kind.Mark,
            _ => Kind.Other,
        };
    }

    private static bool IsWrittenWithoutBlanks(int character) => character
        is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0x3040 and <= 0x309F)
        or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    private enum Kind
    {
        Other,
        Letter,
        Digit,
        Connector,
        Mark,

        /// <summary>A word by itself.</summary>
        Single,
    }
}

using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions that look for a string in another one, split at it or replace it.</summary>
public static class TextSearchFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("CONTAINS", 2, 3, FunctionPurity.Pure, "Whether a text contains another one, or its first position.", "CONTAINS(\"foxglove\", \"glove\", true)", "3", Contains),
        new("FIND_FIRST", 2, 4, FunctionPurity.Pure, "First position of a text in another one, optionally between two positions, or -1.", "FIND_FIRST(\"abcabc\", \"b\", 2)", "4", FindFirst),
        new("FIND_LAST", 2, 4, FunctionPurity.Pure, "Last position of a text in another one, optionally between two positions, or -1.", "FIND_LAST(\"abcabc\", \"b\")", "4", FindLast),
        new("LIKE", 2, 3, FunctionPurity.Pure, "Whether the whole text matches a pattern of _ (one character) and % (any run).", "LIKE(\"Foxglove\", \"fox%\", true)", "true", Like),
        new("STARTS_WITH", 2, 3, FunctionPurity.Pure, "Whether a text starts with a prefix, or with at least some of several.", "STARTS_WITH(\"foxglove\", [\"fo\", \"fox\", \"x\"], 2)", "true", StartsWith),
        new("SPLIT", 1, 3, FunctionPurity.Pure, "The parts of a text between a separator, or between any of several.", "SPLIT(\"a-b_c\", [\"-\", \"_\"])", "[\"a\",\"b\",\"c\"]", Split),
        new("SUBSTITUTE", 2, 4, FunctionPurity.Pure, "The text with one or more strings replaced by others.", "SUBSTITUTE(\"red fox\", {red: \"grey\", fox: \"wolf\"})", "\"grey wolf\"", Substitute),
    ];

    private static Value Contains(in FunctionCall call)
    {
        var text = Casts.ToText(call[0]).Utf8;
        var needle = Casts.ToText(call[1]).Utf8;
        var offset = needle.IsEmpty ? -1 : text.IndexOf(needle);
        if (!call[2].IsTruthy)
            return Value.FromBoolean(offset >= 0);
        return Value.FromInteger(offset < 0 ? -1 : CodePoints.Count(text[..offset]));
    }

    private static Value FindFirst(in FunctionCall call)
    {
        if (!TryReadBounds(call, out var text, out var start, out var end))
            return Value.FromInteger(-1);
        var offset = text[start..end].IndexOf(Casts.ToText(call[1]).Utf8);
        return Value.FromInteger(offset < 0 ? -1 : CodePoints.Count(text[..(start + offset)]));
    }

    private static Value FindLast(in FunctionCall call)
    {
        if (!TryReadBounds(call, out var text, out var start, out var end))
            return Value.FromInteger(-1);
        var needle = Casts.ToText(call[1]).Utf8;
        var offset = needle.IsEmpty ? end - start : text[start..end].LastIndexOf(needle);
        return Value.FromInteger(offset < 0 ? -1 : CodePoints.Count(text[..(start + offset)]));
    }

    /// <summary>The text and the byte offsets the search is limited to. False when the bounds leave nothing to search.</summary>
    private static bool TryReadBounds(in FunctionCall call, out ReadOnlySpan<byte> text, out int start, out int end)
    {
        text = Casts.ToText(call[0]).Utf8;
        start = 0;
        end = text.Length;
        if (!TryReadBound(call[2], 0, out var first) || !TryReadBound(call[3], long.MaxValue - 1, out var last) || first < 0 || last < first)
            return false;
        start = CodePoints.OffsetOf(text, first);
        if (start == text.Length && first > CodePoints.Count(text))
            return false;
        end = CodePoints.OffsetOf(text, last + 1);
        return true;
    }

    private static bool TryReadBound(Value argument, long absent, out long bound)
    {
        bound = argument.IsNull ? absent : Math.Min(Casts.ToInteger(argument), long.MaxValue - 1);
        return argument.IsNull || argument.IsNumber;
    }

    private static Value Like(in FunctionCall call) => Value.FromBoolean(
        TextPatterns.IsLike(Casts.ToText(call[0]).Utf8, Casts.ToText(call[1]).Utf8, call[2].IsTruthy));

    private static Value StartsWith(in FunctionCall call)
    {
        if (!call[0].IsString)
            return call.WrongType();
        var text = call[0].Utf8;
        if (call[1].IsString && call.Count == 2)
            return Value.FromBoolean(text.StartsWith(call[1].Utf8));
        if (!call[1].IsArray || !(call.Count == 2 || call[2].IsNumber))
            return call.WrongType();
        var wanted = call.Count == 2 ? 1 : Casts.ToInteger(call[2]);
        long matches = 0;
        foreach (var prefix in call[1].Items)
        {
            if (!prefix.IsString)
                return call.WrongType();
            matches += text.StartsWith(prefix.Utf8) ? 1 : 0;
        }
        return Value.FromBoolean(matches >= wanted);
    }

    private static Value Split(in FunctionCall call)
    {
        if (!call.TryReadPartLimit(2, out var limit))
            return default;
        if (limit == 0)
            return Value.EmptyArray;
        var text = Casts.ToText(call[0]);
        if (call[1].IsNull)
            return Value.FromList([text], 1);
        List<Replacement> separators = [];
        var splitsCharacters = false;
        if (call[1].IsArray)
        {
            foreach (var item in call[1].Items)
                AddSeparator(separators, item, ref splitsCharacters);
        }
        else
        {
            AddSeparator(separators, call[1], ref splitsCharacters);
        }
        // The parts are windows onto one copy of the text.
        call.Context.ReserveMemory(text.Utf8.Length);
        var bytes = text.Utf8.ToArray();
        var parts = new ValueListWriter(call.Context, 4);
        var search = new MultiSearch(bytes, [.. separators]);
        var position = 0;
        while (parts.Count < limit)
        {
            var found = search.TryFindNext(position, out var offset, out var match);
            if (!found)
                offset = bytes.Length;
            if (!splitsCharacters)
                parts.Add(Value.FromUtf8(bytes, position, offset - position));
            for (; splitsCharacters && position < offset && parts.Count < limit; position += CodePoints.LengthAt(bytes[position]))
                parts.Add(Value.FromUtf8(bytes, position, CodePoints.LengthAt(bytes[position])));
            if (!found)
                break;
            position = offset + match.Search.Length;
        }
        return parts.ToValue();
    }

    private static void AddSeparator(List<Replacement> separators, Value item, ref bool splitsCharacters)
    {
        var separator = Casts.ToText(item).Utf8;
        if (separator.IsEmpty)
            splitsCharacters = true;
        else
            separators.Add(new Replacement(separator.ToArray(), []));
    }

    private static Value Substitute(in FunctionCall call)
    {
        var text = Casts.ToText(call[0]);
        var limitAt = call[1].IsObject ? 2 : 3;
        var limit = call[limitAt].IsNull ? -1 : Casts.ToInteger(call[limitAt]);
        if (ReadReplacements(call) is not { } replacements)
            return call.WrongType();
        if (limit == 0 || replacements.Length == 0)
            return text;
        var utf8 = text.Utf8;
        var search = new MultiSearch(utf8, replacements);
        if (!search.TryFindNext(0, out var offset, out var match))
            return text;
        var result = new TextBuffer(call.Context, utf8.Length);
        var position = 0;
        for (long count = 1; ; count++)
        {
            result.Append(utf8[position..offset]);
            result.Append(match.Replace);
            position = offset + match.Search.Length;
            if ((count & 0x3FF) == 0)
                call.Context.ThrowIfStopped();
            if (count == limit || !search.TryFindNext(position, out offset, out match))
                break;
        }
        result.Append(utf8[position..]);
        return result.ToValue();
    }

    /// <summary>What to replace by what, or null when something of it is no text. Empty search strings are left out, since they match nowhere.</summary>
    private static Replacement[]? ReadReplacements(in FunctionCall call)
    {
        List<Replacement> replacements = [];
        var isText = true;
        if (call[1].IsObject)
        {
            foreach (var (name, value) in call[1].Attributes)
                Add(name, value);
        }
        else if (call[1].IsArray)
        {
            var searched = call[1].Items;
            for (var i = 0; i < searched.Count; i++)
                AddText(searched[i], call[2].IsArray ? ItemOrNull(call[2].Items, i) : call[2]);
        }
        else
        {
            AddText(call[1], call[2].IsArray ? ItemOrNull(call[2].Items, 0) : call[2]);
        }
        return isText ? [.. replacements] : null;

        void AddText(Value search, Value replace)
        {
            isText &= search.IsString;
            if (search.IsString)
                Add(search.Utf8, replace);
        }

        void Add(ReadOnlySpan<byte> search, Value replace)
        {
            isText &= replace.IsString || replace.IsNull;
            if (isText && !search.IsEmpty)
                replacements.Add(new Replacement(search.ToArray(), Casts.ToText(replace).Utf8.ToArray()));
        }
    }

    private static Value ItemOrNull(ArrayView items, int index) => index < items.Count ? items[index] : default;

    private readonly record struct Replacement(byte[] Search, byte[] Replace);

    /// <summary>
    /// Finds the nearest of several strings, the first listed when two start at the same place. Remembers where each occurs next,
    /// so a text is walked once for each string however many matches there are.
    /// </summary>
    private readonly ref struct MultiSearch(ReadOnlySpan<byte> text, Replacement[] strings)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private readonly int[] _next = CreateStart(strings.Length);

        public bool TryFindNext(int from, out int offset, out Replacement match)
        {
            offset = int.MaxValue;
            match = default;
            for (var i = 0; i < strings.Length; i++)
            {
                if (_next[i] < from)
                {
                    var found = _text[from..].IndexOf(strings[i].Search);
                    _next[i] = found < 0 ? int.MaxValue : from + found;
                }
                if (_next[i] < offset)
                {
                    offset = _next[i];
                    match = strings[i];
                }
            }
            return offset != int.MaxValue;
        }

        private static int[] CreateStart(int count)
        {
            var next = new int[count];
            Array.Fill(next, -1);
            return next;
        }
    }
}

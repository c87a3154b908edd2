using System.Text;
using System.Text.RegularExpressions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Patterns;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions with regular expressions. An unusable pattern is warning 1543 and null in each of them.</summary>
public static class RegexFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("REGEX_MATCHES", 2, 3, FunctionPurity.Pure, "The first match of a regular expression and its groups, or null.", "REGEX_MATCHES(\"fox-42\", \"([a-z]+)-([0-9]+)\")", "[\"fox-42\",\"fox\",\"42\"]", Matches),
        new("REGEX_REPLACE", 3, 4, FunctionPurity.Pure, "The text with all matches of a regular expression replaced; $1 stands for the first group.", "REGEX_REPLACE(\"fox-42\", \"([a-z]+)-([0-9]+)\", \"$2 $1\")", "\"42 fox\"", Replace),
        new("REGEX_SPLIT", 2, 4, FunctionPurity.Pure, "The parts of a text between the matches of a regular expression.", "REGEX_SPLIT(\"a, b;c\", \"[,;] *\")", "[\"a\",\"b\",\"c\"]", Split),
        new("REGEX_TEST", 2, 3, FunctionPurity.Pure, "Whether a regular expression matches anywhere in the text.", "REGEX_TEST(\"foxglove\", \"^fox.*e$\")", "true", Test),
    ];

    private static Value BadPattern(in FunctionCall call) => call.Warn(ErrorCodes.InvalidRegex, "invalid regex value");

    private static Regex? Pattern(in FunctionCall call, int caseArgument, out string subject)
    {
        subject = Casts.ToText(call[0]).Text;
        call.Context.ReserveMemory(2L * subject.Length);
        return RegexCache.Find(Casts.ToText(call[1]).Text, call[caseArgument].IsTruthy, subject);
    }

    private static Value Test(in FunctionCall call)
    {
        var regex = Pattern(call, 2, out var subject);
        return regex is null ? BadPattern(call) : Value.FromBoolean(RegexCache.IsMatch(regex, subject));
    }

    private static Value Matches(in FunctionCall call)
    {
        var regex = Pattern(call, 2, out var subject);
        if (regex is null)
            return BadPattern(call);
        var match = Next(regex, subject, null, call.Context);
        if (match is null)
            return default;
        var groups = new ValueListWriter(call.Context, match.Groups.Count);
        for (var i = 0; i < match.Groups.Count; i++)
            groups.Add(Value.FromString(match.Groups[i].Value));
        return groups.ToValue();
    }

    private static Value Replace(in FunctionCall call)
    {
        var regex = Pattern(call, 3, out var subject);
        if (regex is null)
            return BadPattern(call);
        var match = Next(regex, subject, null, call.Context);
        if (match is null)
            return Casts.ToText(call[0]);
        var replacement = Casts.ToText(call[2]).Text;
        var result = new StringBuilder(subject.Length);
        var position = 0;
        for (; match is not null; match = Next(regex, subject, match, call.Context))
        {
            result.Append(subject, position, match.Index - position);
            AppendReplacement(result, replacement, match);
            position = match.Index + match.Length;
            if (result.Length > TextBuffer.LengthMax)
                throw ErrorCodes.ResourceLimit.With($"the result of {call.Name}() exceeds {TextBuffer.LengthMax} characters");
        }
        result.Append(subject, position, subject.Length - position);
        call.Context.ReserveMemory(2L * result.Length);
        return Value.FromString(result.ToString());
    }

    /// <summary>Fills in the groups: a dollar and the digits of a group's number; a backslash makes the next character ordinary.</summary>
    private static void AppendReplacement(StringBuilder result, string replacement, Match match)
    {
        for (var i = 0; i < replacement.Length; i++)
        {
            var character = replacement[i];
            if (character == '\\' && i + 1 < replacement.Length)
            {
                result.Append(replacement[++i]);
            }
            else if (character == '$' && i + 1 < replacement.Length && char.IsAsciiDigit(replacement[i + 1]))
            {
                var group = replacement[++i] - '0';
                while (i + 1 < replacement.Length && char.IsAsciiDigit(replacement[i + 1]) && (group * 10) + replacement[i + 1] - '0' < match.Groups.Count)
                    group = (group * 10) + replacement[++i] - '0';
                result.Append(match.Groups[group].ValueSpan);
            }
            else
            {
                result.Append(character);
            }
        }
    }

    private static Value Split(in FunctionCall call)
    {
        if (!call.TryReadPartLimit(3, out var limit))
            return default;
        var regex = Pattern(call, 2, out var subject);
        if (regex is null)
            return BadPattern(call);
        var parts = new ValueListWriter(call.Context, 4);
        var position = 0;
        for (var match = Next(regex, subject, null, call.Context); match is not null && parts.Count < limit; match = Next(regex, subject, match, call.Context))
        {
            // An empty match separates characters; at the ends there is nothing to separate.
            if (match.Length == 0 && (match.Index == position || match.Index == subject.Length))
                continue;
            parts.Add(Value.FromString(subject[position..match.Index]));
            for (var i = 1; i < match.Groups.Count && parts.Count < limit; i++)
                parts.Add(Value.FromString(match.Groups[i].Value));
            position = match.Index + match.Length;
        }
        if (parts.Count < limit)
            parts.Add(Value.FromString(subject[position..]));
        return parts.ToValue();
    }

    /// <summary>The first match, or the one after <paramref name="previous"/>. Empty matches inside a surrogate pair do not count.</summary>
    private static Match? Next(Regex regex, string subject, Match? previous, EvaluationContext context)
    {
        context.ThrowIfStopped();
        try
        {
            var match = previous is null ? regex.Match(subject) : previous.NextMatch();
            while (match.Success && match.Length == 0 && match.Index > 0 && match.Index < subject.Length
                && char.IsSurrogatePair(subject[match.Index - 1], subject[match.Index]))
                match = match.NextMatch();
            return match.Success ? match : null;
        }
        catch (RegexMatchTimeoutException)
        {
            throw RegexCache.TooSlow();
        }
    }
}

using System.Globalization;
using System.Text;
using Antlr4.Runtime;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Grammar.Generated;

namespace GeoFabric.Query.Syntax;

/// <summary>Values of literal tokens.</summary>
internal static class LiteralReader
{
    public static Value Read(QueryText query, IToken token) => token.Type switch
    {
        C8QLParser.NULL => Value.Null,
        C8QLParser.TRUE => Value.True,
        C8QLParser.FALSE => Value.False,
        C8QLParser.INTEGER when long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer) => Value.FromInteger(integer),
        // Too large for a double is infinite, which as a value is null.
        C8QLParser.INTEGER or C8QLParser.DOUBLE => Value.FromDouble(double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture)),
        C8QLParser.HEXADECIMAL => Bits(query, token, NumberStyles.AllowHexSpecifier),
        C8QLParser.BINARY => Bits(query, token, NumberStyles.AllowBinarySpecifier),
        C8QLParser.STRING => Value.FromString(Unquote(token.Text)),
        _ => throw new ArgumentOutOfRangeException(nameof(token), token.Text, "No literal."),
    };

    /// <summary>The text between the quotes of a string or quoted name, with its escapes resolved.</summary>
    public static string Unquote(string quoted)
    {
        if (!quoted.Contains('\\', StringComparison.Ordinal))
            return quoted[1..^1];
        var text = new StringBuilder(quoted.Length);
        for (var i = 1; i < quoted.Length - 1; i++)
        {
            if (quoted[i] != '\\')
            {
                text.Append(quoted[i]);
                continue;
            }
            i++;
            if (quoted[i] == 'u' && TryReadCodeUnit(quoted, i + 1, out var unit))
            {
                text.Append(unit);
                i += 4;
                continue;
            }
            text.Append(quoted[i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                var other => other,
            });
        }
        return text.ToString();
    }

    private static bool TryReadCodeUnit(string quoted, int start, out char unit)
    {
        unit = '\0';
        if (start + 4 >= quoted.Length || !ushort.TryParse(quoted.AsSpan(start, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return false;
        unit = (char)value;
        return true;
    }

    private static Value Bits(QueryText query, IToken token, NumberStyles style)
    {
        if (!uint.TryParse(token.Text.AsSpan(2), style, CultureInfo.InvariantCulture, out var bits))
            throw SyntaxErrors.At(ErrorCodes.NumberOutOfRange, query, token.StartIndex, $"{token.Text} has more than 32 bits");
        return Value.FromInteger(bits);
    }
}

namespace GeoFabric.Database.Analysis;

/// <summary>The parts of the value between a delimiter.</summary>
internal sealed class DelimiterAnalyzer(byte[] delimiter) : Analyzer
{
    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens)
    {
        var start = 0;
        for (var position = 0; ; position++)
        {
            var rest = utf8[start..];
            var end = delimiter.Length == 0 ? -1 : rest.IndexOf(delimiter);
            var part = end < 0 ? rest : rest[..end];
            if (!tokens.Add(part, position, start, part.Length) || end < 0)
                return;
            start += end + delimiter.Length;
        }
    }
}

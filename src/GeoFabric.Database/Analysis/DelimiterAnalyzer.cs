namespace GeoFabric.Database.Analysis;

/// <summary>The parts of the value between a delimiter.</summary>
internal sealed class DelimiterAnalyzer(byte[] delimiter) : Analyzer
{
    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens)
    {
        for (var position = 0; ; position++)
        {
            var end = delimiter.Length == 0 ? -1 : utf8.IndexOf(delimiter);
            if (!tokens.Add(end < 0 ? utf8 : utf8[..end], position) || end < 0)
                return;
            utf8 = utf8[(end + delimiter.Length)..];
        }
    }
}

namespace GeoFabric.Database.Analysis;

/// <summary>The whole value is one token.</summary>
internal sealed class IdentityAnalyzer : Analyzer
{
    public override bool HasPositions => false;

    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens) => tokens.Add(utf8, 0);
}

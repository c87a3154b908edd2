using System.Globalization;
using System.Text;

namespace GeoFabric.Database.Analysis;

/// <summary>The whole value as the sort key of a language: comparisons then follow its alphabet.</summary>
internal sealed class CollationAnalyzer(CultureInfo culture) : Analyzer
{
    public override bool HasPositions => false;

    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens) =>
        tokens.Add(culture.CompareInfo.GetSortKey(Encoding.UTF8.GetString(utf8)).KeyData, 0);
}

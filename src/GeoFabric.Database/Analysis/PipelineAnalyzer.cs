namespace GeoFabric.Database.Analysis;

/// <summary>Analyzers one after another: each takes the tokens of the one before it.</summary>
internal sealed class PipelineAnalyzer(IReadOnlyList<Analyzer> steps) : Analyzer
{
    public override bool HasPositions => steps.Any(step => step.HasPositions);

    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens)
    {
        var current = new TokenList();
        var next = new TokenList();
        var made = new TokenList();
        steps[0].Analyze(utf8, current);
        foreach (var step in steps.Skip(1))
        {
            next.Clear();
            // Positions go on where the last token's ended, so that phrases reach across the tokens of an earlier step.
            var position = 0;
            for (var i = 0; i < current.Count; i++)
            {
                made.Clear();
                step.Analyze(current[i], made);
                var (start, length) = current.OffsetAt(i, utf8.Length);
                for (var j = 0; j < made.Count; j++)
                {
                    // Only of a token that is as long as what it was made of is known what its parts were made of.
                    var (from, size) = current[i].Length == length ? made.OffsetAt(j, length) : (0, length);
                    next.Add(made[j], position + made.PositionAt(j), start + from, size);
                }
                if (made.Count > 0)
                    position += made.PositionAt(made.Count - 1) + 1;
            }
            (current, next) = (next, current);
        }
        for (var i = 0; i < current.Count; i++)
        {
            var (start, length) = current.OffsetAt(i, utf8.Length);
            tokens.Add(current[i], current.PositionAt(i), start, length);
        }
    }
}

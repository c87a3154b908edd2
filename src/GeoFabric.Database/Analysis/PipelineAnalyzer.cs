namespace GeoFabric.Database.Analysis;

/// <summary>Analyzers one after another: each takes the tokens of the one before it.</summary>
internal sealed class PipelineAnalyzer(IReadOnlyList<Analyzer> steps) : Analyzer
{
    public override bool HasPositions => steps.Any(step => step.HasPositions);

    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens)
    {
        var current = new TokenList();
        var next = new TokenList();
        steps[0].Analyze(utf8, current);
        foreach (var step in steps.Skip(1))
        {
            next.Clear();
            // Positions go on where the last token's ended, so that phrases reach across the tokens of an earlier step.
            var position = 0;
            for (var i = 0; i < current.Count; i++)
            {
                var before = next.Count;
                next.FirstPosition = position;
                step.Analyze(current[i], next);
                if (next.Count > before)
                    position = next.PositionAt(next.Count - 1) + 1;
            }
            (current, next) = (next, current);
        }
        for (var i = 0; i < current.Count; i++)
            tokens.Add(current[i], current.PositionAt(i));
    }
}

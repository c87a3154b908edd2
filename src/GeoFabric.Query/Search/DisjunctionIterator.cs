namespace GeoFabric.Query.Search;

/// <summary>Documents that at least some of several conditions hold for; with a least of 1 a plain OR.</summary>
internal sealed class DisjunctionIterator(SearchIterator[] parts, int least) : SearchIterator
{
    /// <summary>Sums are rounded, and not all in the same order.</summary>
    private const double Rounding = 1 + 1e-9;

    // Those that can score least first.
    private readonly SearchIterator[] _byBest = [.. parts.OrderBy(part => part.Best)];

    public override double Best => parts.Sum(part => part.Best);

    public override uint MoveTo(uint document)
    {
        if (Document >= document && Document != 0)
            return Document;
        while (true)
        {
            var nearest = End;
            var count = 0;
            foreach (var part in parts)
            {
                var found = part.Document >= document ? part.Document : part.MoveTo(document);
                if (found < nearest)
                {
                    nearest = found;
                    count = 1;
                }
                else if (found == nearest)
                {
                    count++;
                }
            }
            if (nearest == End || count >= least)
                return Document = nearest;
            document = nearest + 1;
        }
    }

    /// <summary>Documents that only have what is worth little together are never looked for: they are found by what is worth more.</summary>
    public override uint MoveToBetter(uint document, double floor)
    {
        if (least > 1)
            return MoveTo(document);
        var minor = 0;
        double minorBest = 0;
        while (minor < _byBest.Length && (minorBest + _byBest[minor].Best) * Rounding <= floor)
            minorBest += _byBest[minor++].Best;
        while (true)
        {
            var nearest = End;
            for (var i = minor; i < _byBest.Length; i++)
                nearest = Math.Min(nearest, _byBest[i].Document >= document ? _byBest[i].Document : _byBest[i].MoveTo(document));
            if (nearest == End || IsBetter(nearest, minor, minorBest, floor))
                return Document = nearest;
            document = nearest + 1;
        }
    }

    /// <summary>Adds what is worth little as long as it could make the difference.</summary>
    private bool IsBetter(uint document, int minor, double rest, double floor)
    {
        double score = 0;
        for (var i = minor; i < _byBest.Length; i++)
        {
            if (_byBest[i].Document == document)
                score += _byBest[i].Score(0);
        }
        for (var i = minor - 1; i >= 0; i--)
        {
            if ((score + rest) * Rounding <= floor)
                return false;
            rest -= _byBest[i].Best;
            if ((_byBest[i].Document >= document ? _byBest[i].Document : _byBest[i].MoveTo(document)) == document)
                score += _byBest[i].Score(0);
        }
        return score * Rounding > floor;
    }

    public override double Score(int function)
    {
        double score = 0;
        foreach (var part in parts)
        {
            if (part.Document == Document)
                score += part.Score(function);
        }
        return score;
    }

    public override void Dispose()
    {
        foreach (var part in parts)
            part.Dispose();
    }
}

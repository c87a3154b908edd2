namespace GeoFabric.Query.Search;

/// <summary>Documents that all of several conditions hold for.</summary>
internal sealed class ConjunctionIterator(SearchIterator[] parts) : SearchIterator
{
    public override uint MoveTo(uint document)
    {
        if (Document >= document && Document != 0)
            return Document;
        for (var i = 0; i < parts.Length;)
        {
            var found = parts[i].MoveTo(document);
            if (found == End)
                return Document = End;
            if (found > document)
            {
                document = found;
                // The one that is ahead is there already.
                i = i == 0 ? 1 : 0;
                continue;
            }
            i++;
        }
        return Document = document;
    }

    public override double Score(int function)
    {
        double score = 0;
        foreach (var part in parts)
            score += part.Score(function);
        return score;
    }

    public override double Best => parts.Sum(part => part.Best);

    public override double Bound(uint document, out uint last)
    {
        double bound = 0;
        last = End;
        foreach (var part in parts)
        {
            bound += part.Bound(document, out var lastOfPart);
            last = Math.Min(last, lastOfPart);
        }
        return bound;
    }

    public override uint MoveToBetter(uint document, double floor)
    {
        while (true)
        {
            // Blocks that together would not be enough are left out unread.
            if (Bound(document, out var last) <= floor)
            {
                if (last == End)
                    return Document = End;
                document = last + 1;
                continue;
            }
            if (MoveTo(document) <= last)
                return Document;
            document = Document;
        }
    }

    public override void Dispose()
    {
        foreach (var part in parts)
            part.Dispose();
    }
}

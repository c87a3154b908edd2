namespace GeoFabric.Query.Search;

/// <summary>Documents of one condition without those of another.</summary>
internal sealed class ExclusionIterator(SearchIterator included, SearchIterator excluded) : SearchIterator
{
    public override uint MoveTo(uint document)
    {
        if (Document >= document && Document != 0)
            return Document;
        for (Document = included.MoveTo(document); Document != End; Document = included.MoveTo(Document + 1))
        {
            if ((excluded.Document >= Document ? excluded.Document : excluded.MoveTo(Document)) != Document)
                break;
        }
        return Document;
    }

    public override double Score(int function) => included.Score(function);

    public override double Best => included.Best;

    public override void Dispose()
    {
        included.Dispose();
        excluded.Dispose();
    }
}

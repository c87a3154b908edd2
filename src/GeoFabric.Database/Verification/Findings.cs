namespace GeoFabric.Database.Verification;

/// <summary>The differences of one index, one collection or one fabric; those of a part are also those of the whole.</summary>
internal sealed class Findings(Findings? whole)
{
    private readonly List<string> _sentences = [];

    public long Count { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<string> Sentences => _sentences;

    public void Report(string sentence)
    {
        Count++;
        if (whole is not null)
            whole.Report(sentence);
        else if (_sentences.Count < FabricVerifier.DisagreementsMax)
            _sentences.Add(sentence);
    }

    public void ReportUnless(bool isRight, string sentence)
    {
        if (!isRight)
            Report(sentence);
    }
}

using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Analysis;

/// <summary>Makes analyzers of their definitions. The kinds are listed in <see cref="Types"/>.</summary>
public static class AnalyzerFactory
{
    private const int PipelineStepsMax = 16;
    private const int HashesMax = 4096;
    private const int NgramSizeMax = 64;
    private const int NgramSpreadMax = 8;

    /// <summary>The kinds of analyzer.</summary>
    public static IReadOnlyList<string> Types { get; } =
        ["identity", "text", "norm", "stem", "ngram", "delimiter", "collation", "stopwords", "minhash", "pipeline"];

    /// <summary>The kind behind the fulltext index; no definition of a client may name it.</summary>
    internal const string FulltextType = "fulltext";

    /// <exception cref="GeoFabricException">10 for an unknown kind or a wrong property.</exception>
    public static Analyzer Create(AnalyzerDefinition definition) => Create(definition.Name, definition.Type, definition.Properties, isStep: false);

    private static Analyzer Create(string name, string type, Value properties, bool isStep)
    {
        if (!properties.IsObject && !properties.IsNull)
            throw ErrorCodes.BadParameter.With($"analyzer '{name}': properties must be an object");
        var settings = new AnalyzerSettings(name, properties.IsNull ? Value.EmptyObject : properties);
        Analyzer analyzer = type switch
        {
            "identity" => new IdentityAnalyzer(),
            "text" => CreateText(settings),
            "norm" => new NormAnalyzer(new TextNormalizer(settings.Locale(), settings.Casing("none"), settings.Flag("accent", absent: true))),
            "stem" => new StemAnalyzer(SnowballStemmer.For(Language(settings.Locale()))),
            "ngram" => CreateNgram(name, settings),
            "delimiter" => new DelimiterAnalyzer(Encoding.UTF8.GetBytes(settings.Text("delimiter", ""))),
            "collation" => new CollationAnalyzer(settings.Locale()),
            "stopwords" => new StopWordAnalyzer(settings.Texts("stopwords")),
            FulltextType => new TextAnalyzer(
                new TextNormalizer(System.Globalization.CultureInfo.InvariantCulture, LetterCasing.Lower, keepsAccents: true), null, [], settings.Integer("minLength", 2, 1, 100)),
            "minhash" when !isStep => CreateMinHash(name, settings),
            "pipeline" when !isStep => CreatePipeline(name, settings),
            "minhash" or "pipeline" => throw ErrorCodes.BadParameter.With($"analyzer '{name}': type '{type}' works on its own only, not within another analyzer"),
            _ => throw ErrorCodes.BadParameter.With($"analyzer '{name}': unknown type '{type}'; known are {string.Join(", ", Types)}"),
        };
        settings.DemandAllRead();
        return analyzer;
    }

    private static TextAnalyzer CreateText(AnalyzerSettings settings)
    {
        var culture = settings.Locale();
        var normalizer = new TextNormalizer(culture, settings.Casing("lower"), settings.Flag("accent", absent: false));
        var stemmer = settings.Flag("stemming", absent: true) ? SnowballStemmer.For(Language(culture)) : null;
        return new TextAnalyzer(normalizer, stemmer, settings.Texts("stopwords"));
    }

    private static string Language(System.Globalization.CultureInfo culture) =>
        culture.TwoLetterISOLanguageName is "nb" or "nn" ? "no" : culture.TwoLetterISOLanguageName;

    private static NgramAnalyzer CreateNgram(string name, AnalyzerSettings settings)
    {
        var min = settings.Integer("min", 2, 1, NgramSizeMax);
        var max = settings.Integer("max", Math.Max(min, 3), 1, NgramSizeMax);
        // Each character begins as many tokens as there are lengths.
        if (max < min || max - min >= NgramSpreadMax)
            throw ErrorCodes.BadParameter.With($"analyzer '{name}': n-grams from {min} to {max} characters; max must be at least min and less than min + {NgramSpreadMax}");
        var stream = settings.Text("streamType", "binary");
        return stream is "binary" or "utf8"
            ? new NgramAnalyzer(min, max, settings.Flag("preserveOriginal", absent: false),
                Encoding.UTF8.GetBytes(settings.Text("startMarker", "")), Encoding.UTF8.GetBytes(settings.Text("endMarker", "")), stream == "binary")
            : throw ErrorCodes.BadParameter.With($"analyzer '{name}': streamType '{stream}' is neither \"binary\" nor \"utf8\"");
    }

    private static MinHashAnalyzer CreateMinHash(string name, AnalyzerSettings settings)
    {
        var inner = settings.Object("analyzer");
        var type = inner.GetAttribute("type"u8);
        var hashes = settings.Integer("numHashes", 0, 1, HashesMax);
        return hashes > 0
            ? new MinHashAnalyzer(Create(name, type.IsString ? type.Text : "", inner.GetAttribute("properties"u8), isStep: true), hashes)
            : throw ErrorCodes.BadParameter.With($"analyzer '{name}': property 'numHashes' is missing; it is a number from 1 to {HashesMax}");
    }

    private static PipelineAnalyzer CreatePipeline(string name, AnalyzerSettings settings)
    {
        var steps = new List<Analyzer>();
        foreach (var step in settings.List("pipeline").Items)
        {
            if (steps.Count == PipelineStepsMax)
                throw ErrorCodes.BadParameter.With($"analyzer '{name}': a pipeline has at most {PipelineStepsMax} steps");
            if (!step.IsObject)
                throw ErrorCodes.BadParameter.With($"analyzer '{name}': a step of a pipeline must be an object such as {{\"type\": \"norm\", \"properties\": {{\"locale\": \"en\"}}}}, not {step}");
            var type = step.GetAttribute("type"u8);
            steps.Add(Create(name, type.IsString ? type.Text : "", step.GetAttribute("properties"u8), isStep: true));
        }
        return new PipelineAnalyzer(steps);
    }
}

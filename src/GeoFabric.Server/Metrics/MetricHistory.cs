namespace GeoFabric.Server.Metrics;

/// <summary>The samples of the last 24 hours, ever coarser: 5 minutes by the second, an hour by 10 seconds, a day by the minute. Thread-safe.</summary>
internal sealed class MetricHistory
{
    private readonly Lock _gate = new();
    private readonly Span[] _spans =
    [
        new("5m", TimeSpan.FromSeconds(1), 300),
        new("1h", TimeSpan.FromSeconds(10), 360),
        new("24h", TimeSpan.FromMinutes(1), 1440),
    ];

    public IEnumerable<string> Names => _spans.Select(span => span.Name);

    /// <summary>Adds the traffic of a second.</summary>
    public MetricSample Add(DateTimeOffset at, TrafficCounts traffic, Gauges gauges)
    {
        lock (_gate)
        {
            foreach (var span in _spans)
                span.Add(at, traffic, gauges);
            return _spans[0].Last!;
        }
    }

    /// <summary>The samples of a span, oldest first; null for a name that is none.</summary>
    public (TimeSpan Step, IReadOnlyList<MetricSample> Samples)? Read(string name)
    {
        lock (_gate)
            return Array.Find(_spans, span => span.Name == name) is { } found ? (found.Step, found.Samples) : null;
    }

    private sealed class Span(string name, TimeSpan step, int samplesMax)
    {
        private readonly Queue<MetricSample> _samples = new();
        private TrafficCounts _collected = new();
        private int _seconds;

        public string Name => name;

        public TimeSpan Step => step;

        public MetricSample? Last { get; private set; }

        public IReadOnlyList<MetricSample> Samples => [.. _samples];

        public void Add(DateTimeOffset at, TrafficCounts traffic, Gauges gauges)
        {
            _collected.Add(traffic);
            if (++_seconds < step.TotalSeconds)
                return;
            Last = new MetricSample(at, step, _collected, gauges);
            _samples.Enqueue(Last);
            if (_samples.Count > samplesMax)
                _samples.Dequeue();
            _collected = new TrafficCounts();
            _seconds = 0;
        }
    }
}

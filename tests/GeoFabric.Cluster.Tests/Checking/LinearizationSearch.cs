namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>A step and the time in which it took effect.</summary>
/// <param name="Client">Known steps of one client follow one another, also where times are equal.</param>
/// <param name="IsKnown">Without it the step takes effect any time after <paramref name="Call"/>, or never.</param>
/// <param name="Text">For people.</param>
internal readonly record struct TimedStep<TStep>(TStep Step, string Client, TimeSpan Call, TimeSpan Return, bool IsKnown, Func<string> Text);

internal enum LinearizationVerdict
{
    Linearizable,
    NotLinearizable,

    /// <summary>The search was given up.</summary>
    Undecided,
}

/// <summary>Looks for an order of the steps of one object that the model can take and that agrees with real time.</summary>
/// <remarks>
/// <para>The algorithm of Wing and Gong with the cache of Lowe ("Testing for Linearizability", 2017): walk the calls and returns in time, take a step at
/// its call if the model can, go back where a return is met whose step was not taken; a set of taken steps is never left in the same state twice.</para>
/// <para>The cache knows a set by a 128-bit hash that changes with one exclusive or per step, instead of by its bits: histories of one key may have ten
/// thousand steps, and two sets of a run collide with a chance below 2^-80.</para>
/// <para>Steps of unknown outcome have no return, and without care each doubles the search. Of all orders only one with the fewest of them has to be found,
/// so one is not taken if it changes nothing, or if the step after it leaves the same state without it; and of equal ones the first called is taken first.</para>
/// </remarks>
internal sealed class LinearizationSearch<TState, TStep>
    where TState : IEquatable<TState>
    where TStep : notnull
{
    private const int KnownHead = 0;
    private const int UnknownHead = 1;
    private const int End = -1;
    private const int Head = int.MaxValue;

    private readonly SequentialModel<TState, TStep> _model;
    private readonly TimedStep<TStep>[] _steps;
    private readonly int _statesMax;
    private readonly UInt128[] _hashes;

    /// <summary>For a step of unknown outcome, the equal one called before it, or -1.</summary>
    private readonly int[] _twins;

    /// <summary>For a known step, the known one of the same client before it, or -1.</summary>
    private readonly int[] _clientPredecessors;

    // Two lists in the order of time that steps are taken out of: calls and returns of known steps, and calls of the others. Their heads are the first
    // two entries. An entry is its step's number, or the complement of that for a return.
    private readonly int[] _entries;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _callEntries;
    private readonly int[] _returnEntries;

    private readonly bool[] _isTaken;
    private readonly List<(int Step, TState Before)> _path = [];
    private readonly List<int> _longest = [];

    /// <summary>How many steps at the start of the path are those of the longest one, so that only the others have to be copied.</summary>
    private int _sharedCount;

    private TState _longestState;
    private int _blocked = -1;

    /// <param name="statesMax">Pairs of a set of steps and a state to look at before giving up.</param>
    public LinearizationSearch(SequentialModel<TState, TStep> model, IEnumerable<TimedStep<TStep>> steps, int statesMax)
    {
        _model = model;
        _steps = [.. steps.OrderBy(step => step.Call).ThenBy(step => step.Return)];
        _statesMax = statesMax;
        _longestState = model.Initial;
        _hashes = DrawHashes(_steps.Length);
        _twins = FindTwins();
        _clientPredecessors = FindClientPredecessors();
        _isTaken = new bool[_steps.Length];
        _callEntries = new int[_steps.Length];
        _returnEntries = new int[_steps.Length];
        var known = Enumerable.Range(0, _steps.Length).Where(step => _steps[step].IsKnown).ToList();
        // What returns at the instant of a call may have overlapped it.
        var events = known.Select(step => (Time: _steps[step].Call, Entry: step))
            .Concat(known.Select(step => (Time: _steps[step].Return, Entry: ~step)))
            .OrderBy(point => point.Time).ThenBy(point => point.Entry < 0)
            .Select(point => point.Entry);
        _entries = [Head, Head, .. events, .. Enumerable.Range(0, _steps.Length).Where(step => !_steps[step].IsKnown)];
        _next = new int[_entries.Length];
        _previous = new int[_entries.Length];
        Link(KnownHead, 2, known.Count * 2);
        Link(UnknownHead, 2 + (known.Count * 2), _steps.Length - known.Count);
    }

    /// <summary>After a search that found none: the steps of the longest order it tried.</summary>
    public IEnumerable<TimedStep<TStep>> Longest => _longest.Select(step => _steps[step]);

    /// <summary>The state at the end of <see cref="Longest"/>.</summary>
    public TState LongestState => _longestState;

    /// <summary>The steps one of which had to come next, the one that had returned first in front.</summary>
    public IEnumerable<TimedStep<TStep>> Blocked
    {
        get
        {
            if (_blocked < 0)
                return [];
            var taken = _longest.ToHashSet();
            return new[] { _blocked }
                .Concat(Enumerable.Range(0, _steps.Length).Where(step => step != _blocked && !taken.Contains(step) && _steps[step].Call <= _steps[_blocked].Return))
                .Select(step => _steps[step]);
        }
    }

    public LinearizationVerdict Run()
    {
        var missing = _steps.Count(step => step.IsKnown);
        var seen = new HashSet<(UInt128 Taken, TState State)>();
        var state = _model.Initial;
        UInt128 hash = 0;
        var entry = _next[KnownHead];
        while (missing > 0)
        {
            entry = FindCandidate(entry, state, out var next);
            if (entry != End)
            {
                var step = _entries[entry];
                if (!seen.Add((hash ^ _hashes[step], next)))
                {
                    entry = _next[entry];
                    continue;
                }
                if (seen.Count > _statesMax)
                    return LinearizationVerdict.Undecided;
                _path.Add((step, state));
                state = next;
                hash ^= _hashes[step];
                missing -= _steps[step].IsKnown ? 1 : 0;
                TakeOut(step);
                entry = _next[KnownHead];
                continue;
            }
            Remember(state);
            if (_path.Count == 0)
                return LinearizationVerdict.NotLinearizable;
            var last = _path[^1];
            _path.RemoveAt(_path.Count - 1);
            _sharedCount = Math.Min(_sharedCount, _path.Count);
            state = last.Before;
            hash ^= _hashes[last.Step];
            missing += _steps[last.Step].IsKnown ? 1 : 0;
            PutBack(last.Step);
            entry = _next[_callEntries[last.Step]];
        }
        return LinearizationVerdict.Linearizable;
    }

    /// <summary>The first entry from the given one on whose step can come next: of the known ones up to the first return, then of the unknown ones called before it.</summary>
    private int FindCandidate(int entry, TState state, out TState next)
    {
        for (; entry != End && _entries[entry] >= 0 && _steps[_entries[entry]].IsKnown; entry = _next[entry])
        {
            if (CanTake(_entries[entry], state, out next))
                return entry;
        }
        if (entry != End && _entries[entry] < 0)
            entry = _next[UnknownHead];
        var bound = _steps[FirstReturning()].Return;
        for (; entry != End && _steps[_entries[entry]].Call <= bound; entry = _next[entry])
        {
            if (CanTake(_entries[entry], state, out next))
                return entry;
        }
        next = state;
        return End;
    }

    private int FirstReturning()
    {
        var entry = _next[KnownHead];
        while (_entries[entry] >= 0)
            entry = _next[entry];
        return ~_entries[entry];
    }

    private bool CanTake(int step, TState state, out TState next)
    {
        next = state;
        var isKnown = _steps[step].IsKnown;
        if (IsWaitingFor(_twins[step]) || IsWaitingFor(_clientPredecessors[step]))
            return false;
        if (!_model.TryApply(state, _steps[step].Step, out next) || (!isKnown && next.Equals(state)))
            return false;
        var isLastUnknown = _path.Count > 0 && !_steps[_path[^1].Step].IsKnown;
        return !isLastUnknown || !_model.TryApply(_path[^1].Before, _steps[step].Step, out var without) || !without.Equals(next);
    }

    private bool IsWaitingFor(int step) => step >= 0 && !_isTaken[step];

    private void TakeOut(int step)
    {
        _isTaken[step] = true;
        Unlink(_callEntries[step]);
        if (_steps[step].IsKnown)
            Unlink(_returnEntries[step]);
    }

    private void PutBack(int step)
    {
        _isTaken[step] = false;
        // In the reverse order of taking them out, so that neighbours are what they were.
        if (_steps[step].IsKnown)
            Relink(_returnEntries[step]);
        Relink(_callEntries[step]);
    }

    private void Link(int head, int start, int count)
    {
        _next[head] = count > 0 ? start : End;
        for (var i = start; i < start + count; i++)
        {
            _previous[i] = i > start ? i - 1 : head;
            _next[i] = i + 1 < start + count ? i + 1 : End;
            if (_entries[i] >= 0)
                _callEntries[_entries[i]] = i;
            else
                _returnEntries[~_entries[i]] = i;
        }
    }

    private void Unlink(int entry)
    {
        _next[_previous[entry]] = _next[entry];
        if (_next[entry] != End)
            _previous[_next[entry]] = _previous[entry];
    }

    private void Relink(int entry)
    {
        _next[_previous[entry]] = entry;
        if (_next[entry] != End)
            _previous[_next[entry]] = entry;
    }

    private void Remember(TState state)
    {
        if (_blocked >= 0 && _path.Count <= _longest.Count)
            return;
        _longest.RemoveRange(_sharedCount, _longest.Count - _sharedCount);
        for (; _sharedCount < _path.Count; _sharedCount++)
            _longest.Add(_path[_sharedCount].Step);
        _longestState = state;
        _blocked = FirstReturning();
    }

    private int[] FindTwins()
    {
        var twins = new int[_steps.Length];
        var last = new Dictionary<TStep, int>();
        for (var step = 0; step < twins.Length; step++)
        {
            twins[step] = -1;
            if (_steps[step].IsKnown)
                continue;
            if (last.TryGetValue(_steps[step].Step, out var twin))
                twins[step] = twin;
            last[_steps[step].Step] = step;
        }
        return twins;
    }

    private int[] FindClientPredecessors()
    {
        var predecessors = new int[_steps.Length];
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var step = 0; step < predecessors.Length; step++)
        {
            predecessors[step] = _steps[step].IsKnown ? last.GetValueOrDefault(_steps[step].Client, -1) : -1;
            if (_steps[step].IsKnown)
                last[_steps[step].Client] = step;
        }
        return predecessors;
    }

    private static UInt128[] DrawHashes(int count)
    {
        // SplitMix64: the same numbers in every run, and without the patterns of a seeded Random, which could make sets collide.
        var state = 0UL;
        var hashes = new UInt128[count];
        for (var i = 0; i < count; i++)
            hashes[i] = new UInt128(Next(), Next());
        return hashes;

        ulong Next()
        {
            state += 0x9E3779B97F4A7C15;
            var bits = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return bits ^ (bits >> 31);
        }
    }
}

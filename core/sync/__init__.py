"""A pass: from LibCal's answer to the visit, and what the desk asks for meanwhile. The engines
import it.
"""
